package io.quikqueue.sql;

import io.quikqueue.domain.access.ApiKey;
import io.quikqueue.domain.access.ApiKey.PreviousSecret;
import io.quikqueue.domain.access.KeyTable;
import io.quikqueue.domain.access.Quota;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.ApiKeys;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Keys in the table {@code api_keys}. Who changes one raises the version that limits have, too, and
 * holds its lock: so changes come one after another.
 */
final class SqlApiKeys implements ApiKeys {

  private static final String ALL =
      """
      SELECT id, name, role, queues, types, rate_tokens, rate_per, rate_burst, max_waiting, secret_hash, former_hash, former_until, created_at, created_by,
        expires_at, revoked_at, used_at
      FROM api_keys\
      """;
  private static final String VALID = ALL + " WHERE revoked_at IS NULL";
  private static final String FIND = ALL + " WHERE id = :id";
  private static final String PAGE = ALL + " WHERE id > :after ORDER BY id LIMIT :limit";
  private static final String COUNT = "SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL";
  private static final String FORGET = "DELETE FROM api_keys WHERE revoked_at < :before";
  private static final String INSERT =
      """
      INSERT INTO api_keys
        (id, name, role, queues, types, rate_tokens, rate_per, rate_burst, max_waiting, secret_hash, former_hash, former_until, created_at, created_by,
         expires_at, revoked_at, used_at)
      VALUES
        (:id, :name, :role, :queues, :types, :rate_tokens, :rate_per, :rate_burst, :max_waiting, :secret_hash, :former_hash, :former_until, :created_at, :created_by,
         :expires_at, :revoked_at, :used_at)\
      """;
  private static final String UPDATE =
      """
      UPDATE api_keys SET name = :name, secret_hash = :secret_hash, former_hash = :former_hash,
        former_until = :former_until, rate_tokens = :rate_tokens, rate_per = :rate_per, rate_burst = :rate_burst,
        max_waiting = :max_waiting, expires_at = :expires_at, revoked_at = :revoked_at
      WHERE id = :id\
      """;
  private static final String USED =
      "UPDATE api_keys SET used_at = :at WHERE id = :id AND (used_at IS NULL OR used_at < :at)";

  private static final Map<Role, Integer> CODES =
      new EnumMap<>(Map.of(Role.VIEWER, 1, Role.SUBMITTER, 2, Role.OPERATOR, 3, Role.ADMIN, 4));
  private static final Map<Integer, Role> ROLES =
      CODES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

  /**
   * What is added to the code of a key with a scope: a process of an earlier version, which knows
   * of no scopes, takes it for a role that it does not know, and lets nobody in by the key.
   */
  private static final int SCOPED = 10;

  private final Database database;

  SqlApiKeys(Database database) {
    this.database = database;
  }

  /** The version is read before the keys: what changes in between, the next call finds. */
  @Override
  public KeyTable table(KeyTable known) {
    return database.read(
        handle -> {
          long version = LimitsVersion.read(handle);
          return version == known.version()
              ? known
              : new KeyTable(
                  version,
                  handle.select(VALID).map((row, _) -> key(row)).stream()
                      .flatMap(Optional::stream)
                      .collect(Collectors.toMap(ApiKey::id, Function.identity())));
        });
  }

  @Override
  public boolean create(ApiKey key) {
    return database.write(
        (handle, _) -> {
          LimitsVersion.lock(handle, database.dialect());
          handle
              .createUpdate(FORGET)
              .bind("before", Micros.of(key.createdAt().minus(KEPT)))
              .execute();
          if (find(handle, key.id()).isPresent()) {
            return true;
          }
          if (handle.select(COUNT).mapTo(Integer.class).one() >= MOST) {
            return false;
          }
          ScopeColumns scope = ScopeColumns.of(key.scope());
          write(handle.createUpdate(INSERT), key)
              .bind("role", code(key))
              .bind("queues", scope.queues())
              .bind("types", scope.types())
              .bind("created_at", Micros.of(key.createdAt()))
              .bind("created_by", Utf8.of(key.by()))
              .bind("used_at", Micros.orNull(key.usedAt()))
              .execute();
          LimitsVersion.raise(handle);
          return true;
        });
  }

  @Override
  public Optional<ApiKey> find(String id) {
    return database.read(handle -> find(handle, id));
  }

  private static Optional<ApiKey> find(Handle handle, String id) {
    return handle
        .createQuery(FIND)
        .bind("id", id)
        .map((row, _) -> key(row))
        .findOne()
        .flatMap(key -> key);
  }

  @Override
  public List<ApiKey> list(@Nullable String after, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(PAGE)
                .bind("after", after == null ? "" : after)
                .bind("limit", limit)
                .map((row, _) -> key(row))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  @Override
  public Optional<ApiKey> change(String id, UnaryOperator<ApiKey> change) {
    return database.write(
        (handle, _) -> {
          LimitsVersion.lock(handle, database.dialect());
          Optional<ApiKey> before = find(handle, id);
          Optional<ApiKey> after = before.map(change);
          if (!after.equals(before)) {
            after.ifPresent(key -> write(handle.createUpdate(UPDATE), key).execute());
            LimitsVersion.raise(handle);
          }
          return after;
        });
  }

  @Override
  public void used(Map<String, Instant> lastUses) {
    database.write(
        (handle, _) -> {
          new TreeMap<>(lastUses) // in one order everywhere
              .forEach(
                  (id, at) ->
                      handle.createUpdate(USED).bind("id", id).bind("at", Micros.of(at)).execute());
          return true;
        });
  }

  private static Update write(Update statement, ApiKey key) {
    PreviousSecret former = key.former();
    return LimitColumns.bind(statement, "rate", key.quota().rate())
        .bind("max_waiting", key.quota().maxWaiting())
        .bind("id", key.id())
        .bind("name", Utf8.of(key.name()))
        .bind("secret_hash", key.hash())
        .bind("former_hash", former == null ? null : former.hash())
        .bind("former_until", former == null ? null : (Long) Micros.of(former.until()))
        .bind("expires_at", Micros.orNull(key.expiresAt()))
        .bind("revoked_at", Micros.orNull(key.revokedAt()));
  }

  private static int code(ApiKey key) {
    int code = Objects.requireNonNull(CODES.get(key.role()));
    return key.scope().isAll() ? code : code + SCOPED;
  }

  /** Of no job where the row has none but should. */
  private static Scope scope(ResultSet row, boolean scoped) throws SQLException {
    return scoped
        ? new ScopeColumns(row.getString("queues"), row.getString("types")).scope(Scope.NONE)
        : Scope.ALL;
  }

  private static Quota quota(ResultSet row) throws SQLException {
    Rate rate = LimitColumns.rate(row, "rate");
    int most = row.getInt("max_waiting");
    Integer maxWaiting = row.wasNull() ? null : (Integer) most;
    return rate == null && maxWaiting == null ? Quota.NONE : new Quota(rate, maxWaiting);
  }

  /** Empty when it has a role of a later version, which opens nothing here. */
  private static Optional<ApiKey> key(ResultSet row) throws SQLException {
    String former = row.getString("former_hash");
    int code = row.getInt("role");
    boolean scoped = code > SCOPED;
    Role role = ROLES.get(scoped ? code - SCOPED : code);
    if (role == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ApiKey(
            row.getString("id"),
            Utf8.text(row.getBytes("name")),
            role,
            scope(row, scoped),
            quota(row),
            row.getString("secret_hash"),
            former == null
                ? null
                : new PreviousSecret(former, Micros.toInstant(row.getLong("former_until"))),
            Micros.toInstant(row.getLong("created_at")),
            Utf8.text(row.getBytes("created_by")),
            Micros.read(row, "expires_at"),
            Micros.read(row, "revoked_at"),
            Micros.read(row, "used_at")));
  }
}
