package io.quikqueue.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Inserts the last rows of a transaction at once: SQLite is in this process. */
record SqliteCommit(Connection connection) implements Commit {

  @Override
  public <T> void insert(
      String head, int columns, String tail, List<T> rows, MultiRow.Binder<T> binder)
      throws SQLException {
    MultiRow.executeEach(connection, MultiRow.text(head, columns, tail, 1), rows, binder);
  }

  @Override
  public void run() throws SQLException {
    connection.commit();
  }
}
