package io.quikqueue.sql;

import io.quikqueue.domain.access.LastAdminException;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.Users;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Users in the table {@code users}. Whoever changes one holds the lock of its row. */
final class SqlUsers implements Users {

  /** The columns of a user, of a table called so. */
  static final String COLUMNS =
      """
      users.id, users.name, users.email, users.age, users.phone, users.role, users.active, users.password_hash,
        users.created_by, users.created_at, users.changed_at, users.password_at, users.logged_in_at\
      """;

  private static final String ALL = "SELECT " + COLUMNS + " FROM users";
  private static final String FIND = ALL + " WHERE users.id = :id";
  private static final String LOCK = FIND + " <for_update>";
  private static final String LOCK_ADMINS =
      "SELECT id FROM users WHERE role = :admin AND active = 1 ORDER BY id <for_update>";
  private static final String BY_EMAIL = ALL + " WHERE users.email = :email";
  private static final String PAGE =
      ALL
          + """
           WHERE users.id > :after AND (:role IS NULL OR users.role = :role)
            AND (:active IS NULL OR users.active = :active)
          ORDER BY users.id LIMIT :limit\
          """;
  private static final String INSERT =
      """
      INSERT INTO users
        (id, name, email, age, phone, role, active, password_hash, created_by, created_at, changed_at, password_at)
      VALUES
        (:id, :name, :email, :age, :phone, :role, :active, :password_hash, :created_by, :created_at, :changed_at,
         :password_at)\
      """;
  private static final String UPDATE =
      """
      UPDATE users SET name = :name, email = :email, age = :age, phone = :phone, role = :role, active = :active,
        password_hash = :password_hash, changed_at = :changed_at, password_at = :password_at
      WHERE id = :id\
      """;
  private static final String COUNTS =
      "SELECT role, active, COUNT(*) AS users FROM users GROUP BY role, active ORDER BY role,"
          + " active";
  private static final String LOGINS =
      "SELECT epoch_day, logins FROM login_days WHERE epoch_day >= :from ORDER BY epoch_day";

  private static final Map<Role, Integer> CODES =
      new EnumMap<>(Map.of(Role.VIEWER, 1, Role.SUBMITTER, 2, Role.OPERATOR, 3, Role.ADMIN, 4));
  private static final Map<Integer, Role> ROLES =
      CODES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

  private final Database database;

  private SqlUsers(Database database) {
    this.database = database;
  }

  /** All that a database keeps of users. */
  static Accounts accounts(Database database) {
    return new Accounts(
        new SqlUsers(database),
        new SqlSessions(database),
        new SqlLoginGuard(database),
        new SqlTokenKeys(database));
  }

  @Override
  public void create(User user) {
    write(
        (handle, _) -> {
          if (find(handle, FIND, user.id()).isEmpty()) {
            requireFree(handle, user);
            bind(handle.createUpdate(INSERT), user)
                .bind("created_by", Utf8.of(user.by()))
                .bind("created_at", Micros.of(user.createdAt()))
                .execute();
          }
          return true;
        });
  }

  /** Of two that take the same address at once, the second one looks again and finds the first. */
  private <T> T write(Database.Writing<T> work) {
    try {
      return database.writeRows(work);
    } catch (BadRowException e) {
      if (!e.duplicate()) {
        throw new UnavailableException("store", e);
      }
    }
    return database.write(work);
  }

  private static void requireFree(Handle handle, User user) {
    Optional<User> holder = byEmail(handle, user.profile().email());
    if (holder.isPresent() && !holder.get().id().equals(user.id())) {
      throw isTaken();
    }
  }

  private static InvalidFieldException isTaken() {
    return new InvalidFieldException("email", "is the address of another user");
  }

  @Override
  public Optional<User> find(String id) {
    return database.read(handle -> find(handle, FIND, id));
  }

  /** Empty when it has a role of a later version. */
  private static Optional<User> find(Handle handle, String sql, String id) {
    return handle
        .createQuery(sql)
        .bind("id", id)
        .map((row, _) -> user(row))
        .findOne()
        .flatMap(user -> user);
  }

  /** The user of this id, whose row stays locked. */
  static Optional<User> lock(Handle handle, String id) {
    return find(handle, LOCK, id);
  }

  @Override
  public Optional<User> findByEmail(String email) {
    return database.read(handle -> byEmail(handle, email));
  }

  private static Optional<User> byEmail(Handle handle, String email) {
    return handle
        .createQuery(BY_EMAIL)
        .bind("email", Utf8.of(email))
        .map((row, _) -> user(row))
        .findOne()
        .flatMap(user -> user);
  }

  @Override
  public List<User> list(Query query) {
    Role role = query.role();
    Boolean active = query.active();
    return database.read(
        handle ->
            handle
                .createQuery(PAGE)
                .bind("after", query.after() == null ? "" : query.after())
                .bind("role", role == null ? null : CODES.get(role))
                .bind("active", active == null ? null : (Integer) (active ? 1 : 0))
                .bind("limit", query.limit())
                .map((row, _) -> user(row))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  @Override
  public Optional<User> change(String id, UnaryOperator<User> change) {
    return write((handle, _) -> change(handle, id, change));
  }

  private static Optional<User> change(Handle handle, String id, UnaryOperator<User> change) {
    Optional<User> before = lock(handle, id);
    if (before.isEmpty()) {
      return before;
    }
    User after = change.apply(before.get());
    if (!after.equals(before.get())) {
      requireFree(handle, after);
      bind(handle.createUpdate(UPDATE), after).execute();
      if (before.get().endsSessionsAs(after)) {
        SqlSessions.endAll(handle, id);
      }
    }
    return Optional.of(after);
  }

  /** Two that take an admin away at once wait for each other at the first of the admins' rows. */
  @Override
  public Optional<User> changeKeepingAdmin(String id, UnaryOperator<User> change) {
    return write(
        (handle, _) -> {
          List<String> admins =
              handle
                  .createQuery(LOCK_ADMINS)
                  .bind("admin", CODES.get(Role.ADMIN))
                  .mapTo(String.class)
                  .list();
          return change(
              handle,
              id,
              before -> {
                User after = change.apply(before);
                if (admins.equals(List.of(id)) && !after.isActiveAdmin()) {
                  throw new LastAdminException();
                }
                return after;
              });
        });
  }

  @Override
  public List<Count> counts() {
    return database.read(
        handle ->
            handle
                .createQuery(COUNTS)
                .map(
                    (row, _) ->
                        Optional.ofNullable(ROLES.get(row.getInt("role")))
                            .map(role -> count(role, row)))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  private static Count count(Role role, ResultSet row) {
    try {
      return new Count(role, row.getInt("active") == 1, row.getLong("users"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<LoginDay> logins(LocalDate from) {
    return database.read(
        handle ->
            handle
                .createQuery(LOGINS)
                .bind("from", from.toEpochDay())
                .map(
                    (row, _) ->
                        new LoginDay(
                            LocalDate.ofEpochDay(row.getLong("epoch_day")), row.getLong("logins")))
                .list());
  }

  private static Update bind(Update statement, User user) {
    return statement
        .bind("id", user.id())
        .bind("name", Utf8.of(user.profile().name()))
        .bind("email", Utf8.of(user.profile().email()))
        .bind("age", user.profile().age())
        .bind("phone", user.profile().phone())
        .bind("role", Objects.requireNonNull(CODES.get(user.role())))
        .bind("active", user.active() ? 1 : 0)
        .bind("password_hash", user.passwordHash())
        .bind("changed_at", Micros.of(user.changedAt()))
        .bind("password_at", Micros.of(user.passwordAt()));
  }

  /** The user in a row of {@link #COLUMNS}; empty when it has a role of a later version. */
  static Optional<User> user(ResultSet row) throws SQLException {
    Role role = ROLES.get(row.getInt("role"));
    if (role == null) {
      return Optional.empty();
    }
    int age = row.getInt("age");
    @Nullable Integer years = row.wasNull() ? null : (Integer) age;
    return Optional.of(
        new User(
            row.getString("id"),
            new User.Profile(
                Utf8.text(row.getBytes("name")),
                Utf8.text(row.getBytes("email")),
                years,
                row.getString("phone")),
            role,
            row.getInt("active") == 1,
            row.getString("password_hash"),
            Utf8.text(row.getBytes("created_by")),
            Micros.toInstant(row.getLong("created_at")),
            Micros.toInstant(row.getLong("changed_at")),
            Micros.toInstant(row.getLong("password_at")),
            Micros.read(row, "logged_in_at")));
  }
}
