package io.quikqueue.sql;

import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.port.LoginGuard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** Failures to sign in, in the table {@code login_failures}. */
final class SqlLoginGuard implements LoginGuard {

  private static final String LOCK =
      "SELECT failures, until_at, last_at FROM login_failures WHERE id = :id <for_update>";
  private static final String FIRST =
      "INSERT INTO login_failures (id, failures, until_at, last_at) VALUES (:id, 0, 0, 0)"
          + " <keep_existing>";
  private static final String UPDATE =
      "UPDATE login_failures SET failures = :failures, until_at = :until, last_at = :last WHERE id"
          + " = :id";
  private static final String DELETE = "DELETE FROM login_failures WHERE id = :id";
  private static final String OLD =
      "SELECT id FROM login_failures WHERE last_at < :before ORDER BY last_at LIMIT :limit";
  private static final String DELETE_OLD = DELETE + " AND last_at < :before";

  private final Database database;

  SqlLoginGuard(Database database) {
    this.database = database;
  }

  @Override
  public LoginFailures change(String id, UnaryOperator<LoginFailures> change) {
    return database.write(
        (handle, _) -> {
          LoginFailures before = locked(handle, id);
          LoginFailures after = change.apply(before);
          if (after.equals(LoginFailures.NONE)) {
            handle.createUpdate(DELETE).bind("id", id).execute();
          } else if (!after.equals(before)) {
            handle
                .createUpdate(UPDATE)
                .bind("id", id)
                .bind("failures", after.count())
                .bind("until", Micros.of(after.until()))
                .bind("last", Micros.of(after.lastAt()))
                .execute();
          }
          return after;
        });
  }

  private LoginFailures locked(Handle handle, String id) {
    Optional<LoginFailures> known = find(handle, id);
    if (known.isPresent()) {
      return known.get();
    }
    handle
        .createUpdate(FIRST)
        .define("keep_existing", database.dialect().keepExisting("id"))
        .bind("id", id)
        .execute();
    return find(handle, id).orElse(LoginFailures.NONE);
  }

  private static Optional<LoginFailures> find(Handle handle, String id) {
    return handle.createQuery(LOCK).bind("id", id).map((row, _) -> failures(row)).findOne();
  }

  private static LoginFailures failures(ResultSet row) throws SQLException {
    return new LoginFailures(
        row.getInt("failures"),
        Micros.toInstant(row.getLong("until_at")),
        Micros.toInstant(row.getLong("last_at")));
  }

  @Override
  public int prune(Instant before, int limit) {
    return PrunedRows.delete(database, OLD, DELETE_OLD, before, limit);
  }
}
