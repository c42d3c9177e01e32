package io.quikqueue.acceptance.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Counts rows of the store. */
final class Rows {

  private Rows() {}

  /** The jobs whose client calls them so. */
  static long named(Connection store, String n) throws SQLException {
    return count(store, "SELECT COUNT(*) FROM jobs WHERE payload LIKE ?", "%\"" + n + "\"%");
  }

  static long count(Connection store, String sql, String... arguments) throws SQLException {
    try (PreparedStatement select = store.prepareStatement(sql)) {
      for (String argument : List.of(arguments)) {
        select.setString(1, argument);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
