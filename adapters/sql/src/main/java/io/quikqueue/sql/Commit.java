package io.quikqueue.sql;

import java.sql.SQLException;
import java.util.List;

/** The end of a transaction: the short rows it inserts last, and its commit. */
interface Commit {

  /**
   * Inserts rows, at the latest with the commit.
   *
   * @param head the statement up to VALUES
   * @param columns values in a row, all of them short
   * @param tail what follows the rows
   */
  <T> void insert(String head, int columns, String tail, List<T> rows, MultiRow.Binder<T> binder)
      throws SQLException;

  /** Commits. */
  void run() throws SQLException;
}
