package io.quikqueue.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Statements whose number of rows varies, by raw JDBC.
 *
 * <p>JDBI is not used for these: binding and rendering 500 rows of 18 values by it takes longer
 * than MySQL needs to store them.
 */
final class MultiRow {

  /** Characters in one statement at most: even as three bytes each they fit into 16 MiB. */
  private static final int MOST_CHARS = 4 << 20;

  private static final int MOST_ROWS = 256;

  /** Few rows go into one statement whatever their number: 15 would take four round trips. */
  private static final int ANY_ROWS = 16;

  /** Sets the values of one row; {@code at} is the number of values before it. */
  interface Binder<T> {
    void bind(PreparedStatement statement, int at, T row) throws SQLException;
  }

  /** How many characters a row's long texts have. */
  interface Weight<T> {
    int of(T row);
  }

  private MultiRow() {}

  /**
   * Inserts rows, up to 16 in one statement, or more in as many as a power of two, so that the few
   * texts there are stay prepared in the server.
   *
   * @param head the statement up to VALUES
   * @param columns values in a row
   * @param tail what follows the rows
   */
  static <T> void insertMany(
      Connection connection,
      String head,
      int columns,
      String tail,
      List<T> rows,
      Weight<T> weight,
      Binder<T> binder)
      throws SQLException {
    int from = 0;
    while (from < rows.size()) {
      int fitting = fitting(rows, from, MOST_ROWS, weight);
      int size = fitting <= ANY_ROWS ? fitting : Integer.highestOneBit(fitting);
      String sql = text(head, columns, tail, size);
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < size; i++) {
          binder.bind(statement, i * columns, rows.get(from + i));
        }
        statement.executeUpdate();
      }
      from += size;
    }
  }

  /** The statement that inserts so many rows. */
  static String text(String head, int columns, String tail, int rows) {
    String row = "(" + "?, ".repeat(columns - 1) + "?)";
    return head + " " + (row + ", ").repeat(rows - 1) + row + " " + tail;
  }

  /** Runs a statement once per row. Returns the rows affected. */
  static <T> int executeEach(Connection connection, String sql, List<T> rows, Binder<T> binder)
      throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    int affected = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (T row : rows) {
        binder.bind(statement, 0, row);
        affected += statement.executeUpdate();
      }
    }
    return affected;
  }

  /** How many rows from here on, at least one and at most {@code most}, fit into one statement. */
  static <T> int fitting(List<T> rows, int from, int most, Weight<T> weight) {
    int limit = Math.min(rows.size() - from, most);
    long chars = 0;
    for (int i = 0; i < limit; i++) {
      chars += weight.of(rows.get(from + i));
      if (chars > MOST_CHARS) {
        return Math.max(1, i);
      }
    }
    return limit;
  }

  /** A list of parameters, padded to a power of two so that few texts need to be prepared. */
  static String marks(int size) {
    return "?, ".repeat(padded(size) - 1) + "?";
  }

  /** The next power of two. */
  static int padded(int size) {
    return size <= 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
  }
}
