package io.quikqueue.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Deletes idempotency keys that have expired. */
final class PruneKeys {

  private static final String SELECT =
      """
      SELECT idempotency_key FROM idempotency_keys
      WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit""";
  private static final String DELETE =
      " WHERE idempotency_key IN (%s) AND expires_at <= ?"; // it may be in use anew

  private static final int MOST = 512;

  private final Database database;

  PruneKeys(Database database) {
    this.database = database;
  }

  /** Deletes keys that have expired by a moment, those that did so first, up to so many. */
  int prune(Instant now, int limit) {
    long micros = Micros.of(now);
    List<byte[]> expired =
        database.read(
            handle ->
                handle
                    .createQuery(SELECT)
                    .bind("now", micros)
                    .bind("limit", limit)
                    .map((row, _) -> row.getBytes(1))
                    .list());
    if (expired.isEmpty()) {
      return 0;
    }
    List<String> keys = expired.stream().map(KeyRows::text).sorted().toList();
    return database.write((handle, _) -> delete(handle.getConnection(), keys, micros));
  }

  private int delete(Connection connection, List<String> keys, long now) throws SQLException {
    String head = database.dialect().deleteByKey("idempotency_keys");
    int deleted = 0;
    for (int from = 0; from < keys.size(); from += MOST) {
      List<String> part = keys.subList(from, Math.min(from + MOST, keys.size()));
      try (PreparedStatement statement = KeyRows.prepare(connection, head + DELETE, part)) {
        statement.setLong(MultiRow.padded(part.size()) + 1, now);
        deleted += statement.executeUpdate();
      }
    }
    return deleted;
  }
}
