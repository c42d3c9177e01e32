package io.quikqueue.sql;

import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.port.Sessions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in the table {@code user_sessions}. Who begins one holds the lock of its user's row, so
 * that none begins with a password that is changed at that moment.
 */
final class SqlSessions implements Sessions {

  private static final String COLUMNS =
      """
      s.id AS session_id, s.user_id, s.seed_hash, s.nonce_hash, s.password_at AS begun_with,
        s.created_at AS begun_at, s.expires_at\
      """;
  private static final String FIND = "SELECT " + COLUMNS + " FROM user_sessions s WHERE s.id = :id";
  private static final String LOCK = FIND + " <for_update>";
  private static final String SIGNED_IN =
      "SELECT "
          + COLUMNS
          + ", "
          + SqlUsers.COLUMNS
          + " FROM user_sessions s JOIN users ON users.id = s.user_id WHERE s.id = :id";
  private static final String INSERT =
      """
      INSERT INTO user_sessions (id, user_id, seed_hash, nonce_hash, password_at, created_at, expires_at)
      VALUES (:id, :user_id, :seed_hash, :nonce_hash, :password_at, :created_at, :expires_at)\
      """;
  private static final String UPDATE =
      "UPDATE user_sessions SET nonce_hash = :nonce_hash, expires_at = :expires_at WHERE id = :id";
  private static final String DELETE = "DELETE FROM user_sessions WHERE id = :id";
  private static final String DELETE_ALL = "DELETE FROM user_sessions WHERE user_id = :user_id";
  private static final String OF_USER =
      """
      SELECT id FROM user_sessions WHERE user_id = :user_id ORDER BY created_at DESC, id\
      """;
  private static final String EXPIRED =
      "SELECT id FROM user_sessions WHERE expires_at <= :before ORDER BY expires_at LIMIT :limit";
  private static final String DELETE_EXPIRED =
      "DELETE FROM user_sessions WHERE id = :id AND expires_at <= :before";
  private static final String LOGGED_IN = "UPDATE users SET logged_in_at = :at WHERE id = :id";
  private static final String FIRST_OF_DAY =
      "INSERT INTO login_days (epoch_day, logins) VALUES (:day, 0) <keep_existing>";
  private static final String COUNT_LOGIN =
      "UPDATE login_days SET logins = logins + 1 WHERE epoch_day = :day";

  private final Database database;

  SqlSessions(Database database) {
    this.database = database;
  }

  @Override
  public boolean begin(Session session) {
    return database.write(
        (handle, _) -> {
          Optional<User> user = SqlUsers.lock(handle, session.userId());
          if (user.isEmpty()
              || !user.get().active()
              || !user.get().passwordAt().equals(session.passwordAt())) {
            return false;
          }
          if (find(handle, FIND, session.id()).isEmpty()) {
            makeRoom(handle, session.userId());
            insert(handle, session);
            count(handle, session);
          }
          return true;
        });
  }

  private static void makeRoom(Handle handle, String userId) {
    List<String> ids =
        handle.createQuery(OF_USER).bind("user_id", userId).mapTo(String.class).list();
    ids.stream()
        .skip(MOST - 1L)
        .forEach(id -> handle.createUpdate(DELETE).bind("id", id).execute());
  }

  private static void insert(Handle handle, Session session) {
    bind(handle.createUpdate(INSERT), session)
        .bind("user_id", session.userId())
        .bind("seed_hash", session.seedHash())
        .bind("password_at", Micros.of(session.passwordAt()))
        .bind("created_at", Micros.of(session.createdAt()))
        .execute();
  }

  private void count(Handle handle, Session session) {
    handle
        .createUpdate(LOGGED_IN)
        .bind("id", session.userId())
        .bind("at", Micros.of(session.createdAt()))
        .execute();
    long day = LocalDate.ofInstant(session.createdAt(), ZoneOffset.UTC).toEpochDay();
    handle
        .createUpdate(FIRST_OF_DAY)
        .define("keep_existing", database.dialect().keepExisting("epoch_day"))
        .bind("day", day)
        .execute();
    handle.createUpdate(COUNT_LOGIN).bind("day", day).execute();
  }

  @Override
  public Optional<SignedIn> find(String id) {
    return database.read(
        handle ->
            handle
                .createQuery(SIGNED_IN)
                .bind("id", id)
                .map((row, _) -> signedIn(row))
                .findOne()
                .flatMap(found -> found));
  }

  private static Optional<SignedIn> signedIn(ResultSet row) throws SQLException {
    Session session = session(row);
    return SqlUsers.user(row).map(user -> new SignedIn(session, user));
  }

  private static Optional<Session> find(Handle handle, String sql, String id) {
    return handle.createQuery(sql).bind("id", id).map((row, _) -> session(row)).findOne();
  }

  @Override
  public Optional<Session> change(String id, Function<Session, @Nullable Session> change) {
    return database.write(
        (handle, _) -> {
          Optional<Session> before = find(handle, LOCK, id);
          if (before.isEmpty()) {
            return before;
          }
          Session after = change.apply(before.get());
          if (after == null) {
            handle.createUpdate(DELETE).bind("id", id).execute();
          } else if (!after.equals(before.get())) {
            bind(handle.createUpdate(UPDATE), after).execute();
          }
          return Optional.ofNullable(after);
        });
  }

  @Override
  public void endAll(String userId) {
    database.write(
        (handle, _) -> {
          SqlUsers.lock(handle, userId);
          endAll(handle, userId);
          return true;
        });
  }

  static void endAll(Handle handle, String userId) {
    handle.createUpdate(DELETE_ALL).bind("user_id", userId).execute();
  }

  @Override
  public int prune(Instant now, int limit) {
    return PrunedRows.delete(database, EXPIRED, DELETE_EXPIRED, now, limit);
  }

  private static Update bind(Update statement, Session session) {
    return statement
        .bind("id", session.id())
        .bind("nonce_hash", session.nonceHash())
        .bind("expires_at", Micros.of(session.expiresAt()));
  }

  private static Session session(ResultSet row) throws SQLException {
    return new Session(
        row.getString("session_id"),
        row.getString("user_id"),
        row.getString("seed_hash"),
        row.getString("nonce_hash"),
        Micros.toInstant(row.getLong("begun_with")),
        Micros.toInstant(row.getLong("begun_at")),
        Micros.toInstant(row.getLong("expires_at")));
  }
}
