package io.quikqueue.sql;

import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.port.Workers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables {@code workers} and {@code job_types}. */
final class SqlWorkers implements Workers {

  private static final String UPDATE =
      """
      UPDATE workers SET host = :host, pid = :pid, queues = :queues, types = :types,
        slots = :slots, busy = :busy, running = :running, phase = :phase, seen_at = <now>
      WHERE id = :id\
      """;
  private static final String INSERT =
      """
      INSERT INTO workers
        (id, host, pid, queues, types, slots, busy, running, phase, started_at, seen_at)
      VALUES
        (:id, :host, :pid, :queues, :types, :slots, :busy, :running, :phase, <now>, <now>)\
      """;
  private static final String FORGET = "DELETE FROM workers WHERE seen_at < <now> - :kept";
  private static final String REMOVE = "DELETE FROM workers WHERE id = ?";
  private static final String LIVE =
      """
      SELECT id, host, pid, queues, types, slots, busy, running, started_at, seen_at, phase
      FROM workers
      WHERE seen_at >= <now> - :within ORDER BY id LIMIT 1000\
      """;
  private static final String TYPES = "SELECT type FROM job_types";
  private static final String SCHEMAS =
      "SELECT type, payload_schema FROM job_types WHERE payload_schema IS NOT NULL";
  private static final String DESCRIBE =
      "UPDATE job_types SET payload_schema = :schema WHERE type = :type";
  private static final String INSERT_TYPES = "INSERT INTO job_types (type) VALUES";

  private static final String OFFERED =
      "UPDATE job_types SET offered_at = <now> WHERE type = :type";

  /** Rows of the version before, which has no such time. */
  private static final String OFFERED_ONCE =
      "UPDATE job_types SET offered_at = <now> WHERE offered_at IS NULL";

  private static final String FORGET_TYPES =
      "DELETE FROM job_types WHERE offered_at < <now> - :unused";

  private static final long REFRESH_NANOS = Duration.ofHours(1).toNanos();

  /** Longer than anyone asks for. */
  private static final Duration KEPT = Duration.ofDays(1);

  private final Database database;

  /** Types written within the last hour, so that a heartbeat need not write them. */
  private final Set<String> known = new HashSet<>();

  private long knownSince = System.nanoTime();

  SqlWorkers(Database database) {
    this.database = database;
  }

  @Override
  public void heartbeats(List<WorkerInfo> workers) {
    Set<String> fresh = new TreeSet<>();
    workers.forEach(worker -> fresh.addAll(worker.types()));
    removeKnown(fresh);
    List<WorkerInfo> inOrder =
        workers.stream().sorted(Comparator.comparing(WorkerInfo::id)).toList();
    database.write(
        (handle, _) -> {
          for (WorkerInfo worker : inOrder) {
            heard(handle, worker);
          }
          offered(handle, fresh);
          return true;
        });
    addKnown(fresh);
  }

  private synchronized void removeKnown(Set<String> types) {
    long now = System.nanoTime();
    if (now - knownSince >= REFRESH_NANOS) {
      known.clear();
      knownSince = now;
    }
    types.removeAll(known);
  }

  private synchronized void addKnown(Set<String> types) {
    known.addAll(types);
  }

  private static void heard(Handle handle, WorkerInfo worker) {
    if (write(handle, UPDATE, worker) == 0) {
      handle.createUpdate(FORGET).bind("kept", micros(KEPT)).execute();
      write(handle, INSERT, worker);
    }
  }

  /** Notes types, in ascending order, as offered now. */
  private void offered(Handle handle, Set<String> types) throws SQLException {
    Dialect dialect = database.dialect();
    dialect.insert(
        handle.getConnection(),
        INSERT_TYPES,
        1,
        dialect.keepExisting("type"),
        List.copyOf(types),
        _ -> 0,
        (statement, at, type) -> statement.setString(at + 1, type));
    types.forEach(type -> handle.createUpdate(OFFERED).bind("type", type).execute());
  }

  private static int write(Handle handle, String sql, WorkerInfo worker) {
    return handle
        .createUpdate(sql)
        .bind("id", worker.id())
        .bind("host", worker.host())
        .bind("pid", worker.pid())
        .bind("queues", String.join("\n", new TreeSet<>(worker.queues())))
        .bind("types", String.join("\n", new TreeSet<>(worker.types())))
        .bind("slots", worker.slots())
        .bind("busy", worker.busy())
        .bind("running", RunningText.of(worker.running()))
        .bind("phase", code(worker.phase()))
        .execute();
  }

  @Override
  public void remove(String worker) {
    database.write((handle, _) -> handle.execute(REMOVE, worker));
  }

  @Override
  public List<WorkerInfo> live(Duration within) {
    return database.read(
        handle ->
            handle
                .createQuery(LIVE)
                .bind("within", micros(within))
                .map((row, _) -> read(row))
                .list());
  }

  @Override
  public Set<String> types() {
    return database.read(handle -> handle.select(TYPES).mapTo(String.class).set());
  }

  @Override
  public void forgetTypes(Duration unused) {
    database.write(
        (handle, _) -> {
          handle.createUpdate(OFFERED_ONCE).execute();
          return handle.createUpdate(FORGET_TYPES).bind("unused", micros(unused)).execute();
        });
  }

  @Override
  public void describe(Map<String, @Nullable String> schemas) {
    database.write(
        (handle, _) -> {
          offered(handle, new TreeSet<>(schemas.keySet()));
          new TreeMap<>(schemas)
              .forEach(
                  (type, schema) ->
                      handle
                          .createUpdate(DESCRIBE)
                          .bind("type", type)
                          .bind("schema", schema)
                          .execute());
          return true;
        });
  }

  @Override
  public Map<String, String> schemas() {
    return database.read(
        handle ->
            handle
                .createQuery(SCHEMAS)
                .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static WorkerInfo read(ResultSet row) throws SQLException {
    return new WorkerInfo(
        Utf8.text(row, 1),
        row.getString(2),
        row.getLong(3),
        Set.copyOf(lines(row.getString(4))),
        Set.copyOf(lines(row.getString(5))),
        row.getInt(6),
        row.getInt(7),
        RunningText.parse(row.getString(8)),
        Micros.toInstant(row.getLong(9)),
        Micros.toInstant(row.getLong(10)),
        phase(row.getInt(11)));
  }

  private static int code(Phase phase) {
    return switch (phase) {
      case RUNNING -> 0;
      case DRAINING -> 1;
      case DRAINED -> 2;
    };
  }

  /** What a later version may have written beside these takes no jobs. */
  private static Phase phase(int code) {
    return switch (code) {
      case 0 -> Phase.RUNNING;
      case 2 -> Phase.DRAINED;
      default -> Phase.DRAINING;
    };
  }

  private static Collection<String> lines(String text) {
    return text.lines().toList();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
