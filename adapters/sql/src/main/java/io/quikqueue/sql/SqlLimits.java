package io.quikqueue.sql;

import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.LimitKey.Kind;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.port.LimitStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The table {@code limits}; see {@link LimitsVersion} for how it is changed. */
final class SqlLimits implements LimitStore {

  private static final String ALL =
      """
      SELECT v.version AS table_version,
      """
          + LimitColumns.SELECT
          + " FROM limits_version v LEFT JOIN limits l ON 1 = 1 WHERE v.id = 1";
  private static final String DECLARED =
      "SELECT " + LimitColumns.SELECT + " FROM limits l WHERE l.declared = 1";
  private static final String FIND =
      "SELECT "
          + LimitColumns.SELECT
          + " FROM limits l WHERE l.kind = :kind AND l.name = :name ORDER BY l.declared LIMIT 1";
  private static final String DELETE =
      "DELETE FROM limits WHERE kind = :kind AND name = :name AND declared = :declared";
  private static final String AMOUNT_OF_OTHERS =
      """
      SELECT COUNT(*), COALESCE(SUM(weight_count), 0) FROM limits
      WHERE declared = 0 AND NOT (kind = :kind AND name = :name)\
      """;

  private record Amount(int entries, int weights) {}

  private final Database database;

  SqlLimits(Database database) {
    this.database = database;
  }

  @Override
  public LimitTable table(LimitTable known) {
    return database.read(
        handle -> {
          long version = LimitsVersion.read(handle);
          return version == known.version() ? known : table(handle);
        });
  }

  /**
   * All limits by one statement, which sees one moment. What is paused by a change after that
   * moment has a later version, which the next call finds.
   */
  private static LimitTable table(Handle handle) {
    TableReader reader = new TableReader();
    handle.select(ALL).map((row, _) -> reader.add(row)).list();
    return reader.table(GroupPauses.byQueue(handle));
  }

  private static final class TableReader {

    private final Map<LimitKey, LimitEntry> inForce = new HashMap<>();
    private long version;

    boolean add(ResultSet row) throws SQLException {
      version = row.getLong("table_version");
      if (row.getString("name") != null) {
        LimitEntry entry = LimitColumns.read(row);
        inForce.merge(entry.key(), entry, (one, other) -> one.declared() ? other : one);
      }
      return true;
    }

    LimitTable table(Map<String, Set<String>> pausedGroups) {
      Map<String, Limits> queues = new HashMap<>();
      Map<String, Limits> types = new HashMap<>();
      inForce.forEach(
          (key, entry) -> {
            if (!entry.limits().equals(Limits.NONE)) {
              (key.kind() == Kind.QUEUE ? queues : types).put(key.name(), entry.limits());
            }
          });
      return new LimitTable(version, queues, types, pausedGroups);
    }
  }

  @Override
  public Optional<LimitEntry> find(LimitKey key) {
    return database.read(handle -> find(handle, key));
  }

  private static Optional<LimitEntry> find(Handle handle, LimitKey key) {
    return bound(handle.createQuery(FIND), key).map((row, _) -> LimitColumns.read(row)).findOne();
  }

  @Override
  public PutResult put(
      LimitKey key, Limits limits, String by, Instant at, Precondition precondition) {
    return database.write((handle, _) -> put(handle, key, limits, by, at, precondition));
  }

  private PutResult put(
      Handle handle,
      LimitKey key,
      Limits limits,
      String by,
      Instant at,
      Precondition precondition) {
    lock(handle);
    LimitEntry now = find(handle, key).orElse(null);
    if (now != null && now.equals(new LimitEntry(key, limits, false, now.version(), by, at))) {
      return new PutResult.Done(now, false); // an earlier try was committed, and its answer lost
    }
    if (!precondition.holds(now)) {
      return new PutResult.Mismatch();
    }
    String full = full(amountOfOthers(handle, key), limits);
    if (full != null) {
      return new PutResult.Full(full);
    }
    delete(handle, key, false);
    LimitEntry entry = new LimitEntry(key, limits, false, LimitsVersion.raise(handle), by, at);
    insert(handle, entry);
    return new PutResult.Done(entry, now == null);
  }

  private static @Nullable String full(Amount others, Limits limits) {
    if (others.entries() >= MOST) {
      return "there are limits of %d queues and types already".formatted(MOST);
    }
    if (others.weights() + limits.weights().size() > MOST_WEIGHTS) {
      return "there would be more than %d weights in all".formatted(MOST_WEIGHTS);
    }
    return null;
  }

  private static Amount amountOfOthers(Handle handle, LimitKey key) {
    return bound(handle.createQuery(AMOUNT_OF_OTHERS), key)
        .map((row, _) -> new Amount(row.getInt(1), row.getInt(2)))
        .one();
  }

  @Override
  public DeleteResult delete(LimitKey key, Precondition precondition) {
    return database.write(
        (handle, _) -> {
          lock(handle);
          LimitEntry now = find(handle, key).orElse(null);
          if (now == null || now.declared()) {
            return DeleteResult.NONE;
          }
          if (!precondition.holds(now)) {
            return DeleteResult.MISMATCH;
          }
          delete(handle, key, false);
          LimitsVersion.raise(handle);
          return DeleteResult.DONE;
        });
  }

  @Override
  public void declare(Map<LimitKey, Limits> declared, String by, Instant at) {
    database.write(
        (handle, _) -> {
          lock(handle);
          Map<LimitKey, LimitEntry> before = new HashMap<>();
          handle
              .select(DECLARED)
              .map((row, _) -> LimitColumns.read(row))
              .forEach(entry -> before.put(entry.key(), entry));
          Map<LimitKey, Limits> changed = new HashMap<>(declared);
          before.forEach((key, entry) -> changed.remove(key, entry.limits()));
          Set<LimitKey> gone = new HashSet<>(before.keySet());
          gone.removeAll(declared.keySet());
          if (changed.isEmpty() && gone.isEmpty()) {
            return false;
          }
          long version = LimitsVersion.raise(handle);
          gone.forEach(key -> delete(handle, key, true));
          changed.forEach(
              (key, limits) -> {
                delete(handle, key, true);
                insert(handle, new LimitEntry(key, limits, true, version, by, at));
              });
          return true;
        });
  }

  private void lock(Handle handle) {
    LimitsVersion.lock(handle, database.dialect());
  }

  private static int delete(Handle handle, LimitKey key, boolean declared) {
    return bound(handle.createUpdate(DELETE), key).bind("declared", declared ? 1 : 0).execute();
  }

  private static void insert(Handle handle, LimitEntry entry) {
    Update insert = handle.createUpdate(LimitColumns.INSERT);
    LimitColumns.bind(insert, entry);
    insert.execute();
  }

  private static <S extends SqlStatement<S>> S bound(S statement, LimitKey key) {
    return statement.bind("kind", LimitColumns.code(key.kind())).bind("name", key.name());
  }
}
