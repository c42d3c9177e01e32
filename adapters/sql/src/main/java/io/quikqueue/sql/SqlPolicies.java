package io.quikqueue.sql;

import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitKey.Kind;
import io.quikqueue.domain.policy.PolicyEntry;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.PolicyStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Policies in the table {@code policies}. Who changes one raises the version that limits have, too,
 * and holds its lock: so changes come one after another.
 */
final class SqlPolicies implements PolicyStore {

  private static final String COLUMNS =
      """
      p.kind, p.name, p.declared, p.version, p.changed_by, p.changed_at,
      p.max_attempts, p.delays, p.max_elapsed, p.max_crashes, p.timeout\
      """;
  private static final String ALL = "SELECT " + COLUMNS + " FROM policies p";
  private static final String DECLARED = ALL + " WHERE p.declared = 1";
  private static final String FIND =
      ALL + " WHERE p.kind = :kind AND p.name = :name ORDER BY p.declared LIMIT 1";
  private static final String DELETE =
      "DELETE FROM policies WHERE kind = :kind AND name = :name AND declared = :declared";
  private static final String OTHERS =
      "SELECT COUNT(*) FROM policies WHERE declared = 0 AND NOT (kind = :kind AND name = :name)";
  private static final String INSERT =
      """
      INSERT INTO policies
        (kind, name, declared, version, changed_by, changed_at,
         max_attempts, delays, max_elapsed, max_crashes, timeout)
      VALUES
        (:kind, :name, :declared, :version, :changed_by, :changed_at,
         :max_attempts, :delays, :max_elapsed, :max_crashes, :timeout)\
      """;

  private final Database database;

  SqlPolicies(Database database) {
    this.database = database;
  }

  /**
   * The version is read before the policies: what changes in between has a later one, which the
   * next call finds.
   */
  @Override
  public PolicyTable table(PolicyTable known) {
    return database.read(
        handle -> {
          long version = LimitsVersion.read(handle);
          return version == known.version() ? known : table(handle, version);
        });
  }

  private static PolicyTable table(Handle handle, long version) {
    Map<LimitKey, PolicyEntry> inForce = new HashMap<>();
    for (PolicyEntry entry : read(handle, ALL)) {
      inForce.merge(entry.key(), entry, (one, other) -> one.declared() ? other : one);
    }
    Map<String, PolicyOptions> types = new HashMap<>();
    Map<String, PolicyOptions> queues = new HashMap<>();
    inForce.forEach(
        (key, entry) -> (key.kind() == Kind.TYPE ? types : queues).put(key.name(), entry.policy()));
    return new PolicyTable(version, types, queues);
  }

  @Override
  public Optional<PolicyEntry> find(LimitKey key) {
    return database.read(handle -> find(handle, key));
  }

  private static Optional<PolicyEntry> find(Handle handle, LimitKey key) {
    return bound(handle.createQuery(FIND), key).map((row, _) -> entry(row)).findOne();
  }

  @Override
  public PutResult put(
      LimitKey key,
      PolicyOptions policy,
      String by,
      Instant at,
      Predicate<@Nullable PolicyEntry> precondition) {
    return database.write(
        (handle, _) -> {
          LimitsVersion.lock(handle, database.dialect());
          PolicyEntry now = find(handle, key).orElse(null);
          if (now != null
              && now.equals(new PolicyEntry(key, policy, false, now.version(), by, at))) {
            return new PutResult.Done(now, false); // an earlier try, whose answer was lost
          }
          if (!precondition.test(now)) {
            return new PutResult.Mismatch();
          }
          if (bound(handle.createQuery(OTHERS), key).mapTo(Integer.class).one() >= MOST) {
            return new PutResult.Full();
          }
          delete(handle, key, false);
          PolicyEntry entry =
              new PolicyEntry(key, policy, false, LimitsVersion.raise(handle), by, at);
          insert(handle, entry);
          return new PutResult.Done(entry, now == null);
        });
  }

  @Override
  public DeleteResult delete(LimitKey key, Predicate<@Nullable PolicyEntry> precondition) {
    return database.write(
        (handle, _) -> {
          LimitsVersion.lock(handle, database.dialect());
          PolicyEntry now = find(handle, key).orElse(null);
          if (now == null || now.declared()) {
            return DeleteResult.NONE;
          }
          if (!precondition.test(now)) {
            return DeleteResult.MISMATCH;
          }
          delete(handle, key, false);
          LimitsVersion.raise(handle);
          return DeleteResult.DONE;
        });
  }

  @Override
  public void declare(Map<LimitKey, PolicyOptions> declared, String by, Instant at) {
    database.write(
        (handle, _) -> {
          LimitsVersion.lock(handle, database.dialect());
          Map<LimitKey, PolicyOptions> changed = new HashMap<>(declared);
          Set<LimitKey> gone = new HashSet<>();
          for (PolicyEntry entry : read(handle, DECLARED)) {
            changed.remove(entry.key(), entry.policy());
            if (!declared.containsKey(entry.key())) {
              gone.add(entry.key());
            }
          }
          if (changed.isEmpty() && gone.isEmpty()) {
            return false;
          }
          long version = LimitsVersion.raise(handle);
          gone.forEach(key -> delete(handle, key, true));
          changed.forEach(
              (key, policy) -> {
                delete(handle, key, true);
                insert(handle, new PolicyEntry(key, policy, true, version, by, at));
              });
          return true;
        });
  }

  private static List<PolicyEntry> read(Handle handle, String sql) {
    return handle.select(sql).map((row, _) -> entry(row)).list();
  }

  private static void delete(Handle handle, LimitKey key, boolean declared) {
    bound(handle.createUpdate(DELETE), key).bind("declared", declared ? 1 : 0).execute();
  }

  private static void insert(Handle handle, PolicyEntry entry) {
    RetryOptions retry = entry.policy().retry();
    bound(handle.createUpdate(INSERT), entry.key())
        .bind("declared", entry.declared() ? 1 : 0)
        .bind("version", entry.version())
        .bind("changed_by", Utf8.of(entry.by()))
        .bind("changed_at", Micros.of(entry.at()))
        .bind("max_attempts", retry.maxAttempts())
        .bind("delays", retry.delays() == null ? null : JobTexts.allDelays(retry.delays()))
        .bind("max_elapsed", millis(retry.maxElapsed()))
        .bind("max_crashes", retry.maxCrashes())
        .bind("timeout", millis(entry.policy().timeout()))
        .execute();
  }

  private static PolicyEntry entry(ResultSet row) throws SQLException {
    String delays = row.getString("delays");
    RetryOptions retry =
        new RetryOptions(
            number(row, "max_attempts"),
            delays == null ? null : JobTexts.readDelays(delays),
            duration(row, "max_elapsed"),
            number(row, "max_crashes"));
    byte[] by = row.getBytes("changed_by");
    return new PolicyEntry(
        new LimitKey(LimitColumns.kind(row.getInt("kind")), row.getString("name")),
        new PolicyOptions(
            retry.equals(RetryOptions.NONE) ? RetryOptions.NONE : retry, duration(row, "timeout")),
        row.getInt("declared") == 1,
        row.getLong("version"),
        Utf8.text(by),
        Micros.toInstant(row.getLong("changed_at")));
  }

  private static @Nullable Integer number(ResultSet row, String column) throws SQLException {
    int number = row.getInt(column);
    return row.wasNull() ? null : (Integer) number;
  }

  private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Duration.ofMillis(millis);
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : (Long) duration.toMillis();
  }

  private static <S extends SqlStatement<S>> S bound(S statement, LimitKey key) {
    return statement.bind("kind", LimitColumns.code(key.kind())).bind("name", key.name());
  }
}
