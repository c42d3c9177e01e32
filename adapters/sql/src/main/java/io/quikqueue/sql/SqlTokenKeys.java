package io.quikqueue.sql;

import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.port.TokenKeys;
import java.time.Instant;
import java.util.List;

/** Public keys in the table {@code token_keys}. */
final class SqlTokenKeys implements TokenKeys {

  private static final String FORGET = "DELETE FROM token_keys WHERE expires_at <= :now";
  private static final String INSERT =
      """
      INSERT INTO token_keys (id, encoded, created_at, expires_at)
      VALUES (:id, :encoded, :created_at, :expires_at) <keep_existing>\
      """;
  private static final String LIST =
      "SELECT id, encoded, created_at, expires_at FROM token_keys WHERE expires_at > :now ORDER BY"
          + " id";

  private final Database database;

  SqlTokenKeys(Database database) {
    this.database = database;
  }

  @Override
  public void publish(TokenKey key) {
    database.write(
        (handle, _) -> {
          long now = Micros.of(key.createdAt());
          handle.createUpdate(FORGET).bind("now", now).execute();
          handle
              .createUpdate(INSERT)
              .define("keep_existing", database.dialect().keepExisting("id"))
              .bind("id", key.id())
              .bind("encoded", key.encoded())
              .bind("created_at", now)
              .bind("expires_at", Micros.of(key.expiresAt()))
              .execute();
          return true;
        });
  }

  @Override
  public List<TokenKey> list(Instant now) {
    return database.read(
        handle ->
            handle
                .createQuery(LIST)
                .bind("now", Micros.of(now))
                .map(
                    (row, _) ->
                        new TokenKey(
                            row.getString("id"),
                            row.getString("encoded"),
                            Micros.toInstant(row.getLong("created_at")),
                            Micros.toInstant(row.getLong("expires_at"))))
                .list());
  }
}
