package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Statements about the jobs whose ids are in a list, by raw JDBC (see {@link MultiRow}). */
final class Ids {

  /** Below the number from which MariaDB turns the list into a subquery. */
  private static final int MOST = 512;

  /** Takes one row. */
  interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  private Ids() {}

  /** Distinct ids in ascending order: the order in which every transaction locks. */
  static List<JobId> sorted(Collection<JobId> ids) {
    return ids.stream().distinct().sorted().toList();
  }

  /**
   * Runs a query per part of the list.
   *
   * @param sql with {@code %s} for the list
   */
  static void query(Connection connection, String sql, List<JobId> ids, Reader reader)
      throws SQLException {
    for (int from = 0; from < ids.size(); from += MOST) {
      List<JobId> part = ids.subList(from, Math.min(from + MOST, ids.size()));
      try (PreparedStatement statement = prepare(connection, sql, part);
          ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    }
  }

  /** Runs an update per part of the list, with {@code %s} for the list. */
  static void update(Connection connection, String sql, List<JobId> ids) throws SQLException {
    for (int from = 0; from < ids.size(); from += MOST) {
      List<JobId> part = ids.subList(from, Math.min(from + MOST, ids.size()));
      try (PreparedStatement statement = prepare(connection, sql, part)) {
        statement.executeUpdate();
      }
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, List<JobId> ids)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql.formatted(MultiRow.marks(ids.size())));
    for (int i = 0; i < MultiRow.padded(ids.size()); i++) {
      statement.setBytes(i + 1, ids.get(Math.min(i, ids.size() - 1)).bytes());
    }
    return statement;
  }
}
