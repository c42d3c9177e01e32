package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The counters in {@code queue_counts}, and the oldest QUEUED job by index. */
final class SqlQueues implements Queues {

  private static final String NAMES =
      "SELECT DISTINCT queue FROM queue_counts ORDER BY queue LIMIT 1000";
  private static final String SUMS =
      """
      SELECT queue, kind, SUM(n) FROM queue_counts
      WHERE queue >= :first AND queue <= :last GROUP BY queue, kind ORDER BY queue, kind""";

  private static final String OLDEST_MYSQL =
      """
      SELECT id, created_at FROM jobs FORCE INDEX (jobs_by_state)
      WHERE state = 3 AND queue = ? ORDER BY id LIMIT 1""";

  /** Of the queues that have a job among the oldest. */
  private static final String OLDEST_OF_SOME_MYSQL =
      """
      SELECT queue, MIN(id) FROM (
        SELECT queue, id FROM jobs FORCE INDEX (jobs_by_state)
        WHERE state = 3 ORDER BY id LIMIT 10000) oldest GROUP BY queue""";

  /** Reads all that are QUEUED, once for all queues: half a second for a million. */
  private static final String OLDEST_OF_ALL_MYSQL =
      """
      SELECT queue, MIN(id) FROM jobs FORCE INDEX (jobs_by_state)
      WHERE state = 3 GROUP BY queue""";

  private static final String CREATED = "SELECT id, created_at FROM jobs WHERE id IN (%s)";

  /**
   * One look into the index of QUEUED jobs for each priority of each queue, all in one statement:
   * as many statements for a thousand queues take a second.
   */
  private static final String OLDEST_SQLITE =
      """
      WITH waiting (queue) AS (
          SELECT queue FROM queue_counts
          WHERE kind = 3 AND queue >= :first AND queue <= :last
          GROUP BY queue HAVING SUM(n) > 0),
        line (queue, priority) AS (
          SELECT queue, column1 FROM waiting,
            (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))),
        oldest (queue, id) AS (
          SELECT queue, MIN((
            SELECT id FROM jobs INDEXED BY jobs_queued
            WHERE state = 3 AND queue = line.queue AND priority = line.priority
            ORDER BY id LIMIT 1))
          FROM line GROUP BY queue)
      SELECT oldest.queue, j.created_at FROM oldest CROSS JOIN jobs j ON j.id = oldest.id""";

  private record Oldest(JobId id, Instant createdAt) {}

  private final Database database;

  SqlQueues(Database database) {
    this.database = database;
  }

  @Override
  public List<QueueFigures> all() {
    return database.read(
        handle -> {
          List<String> names = handle.select(NAMES).mapTo(String.class).list();
          if (names.isEmpty()) {
            return List.of();
          }
          Map<String, Map<Integer, Long>> sums = sums(handle, names.getFirst(), names.getLast());
          Set<String> waiting = new HashSet<>();
          sums.forEach(
              (queue, counts) -> {
                if (counts.getOrDefault(JobState.QUEUED.code(), 0L) > 0) {
                  waiting.add(queue);
                }
              });
          Map<String, Instant> oldest =
              switch (database.dialect()) {
                case MYSQL -> oldestMySql(handle, waiting);
                case SQLITE -> oldestSqlite(handle, names.getFirst(), names.getLast());
              };
          List<QueueFigures> figures = new ArrayList<>();
          sums.forEach((queue, counts) -> figures.add(figures(queue, counts, oldest.get(queue))));
          return figures;
        });
  }

  @Override
  public Optional<QueueFigures> find(String queue) {
    return database.read(
        handle -> {
          Map<Integer, Long> counts = sums(handle, queue, queue).get(queue);
          if (counts == null) {
            return Optional.empty();
          }
          boolean waiting = counts.getOrDefault(JobState.QUEUED.code(), 0L) > 0;
          return Optional.of(figures(queue, counts, waiting ? oldest(handle, queue) : null));
        });
  }

  /** What each queue has of each kind. */
  private static Map<String, Map<Integer, Long>> sums(Handle handle, String first, String last) {
    Map<String, Map<Integer, Long>> sums = new LinkedHashMap<>();
    handle
        .createQuery(SUMS)
        .bind("first", first)
        .bind("last", last)
        .map(
            (row, _) ->
                sums.computeIfAbsent(row.getString(1), _ -> new HashMap<>())
                    .put(row.getInt(2), row.getLong(3)))
        .list();
    return sums;
  }

  private static QueueFigures figures(
      String queue, Map<Integer, Long> counts, @Nullable Instant oldest) {
    Map<JobState, Long> depth = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      long n = counts.getOrDefault(state.code(), 0L);
      if (n > 0) {
        depth.put(state, n);
      }
    }
    return new QueueFigures(
        queue,
        depth,
        counts.getOrDefault(QueueCounts.SUBMITTED, 0L),
        counts.getOrDefault(QueueCounts.FINISHED, 0L),
        oldest);
  }

  private @Nullable Instant oldest(Handle handle, String queue) {
    return switch (database.dialect()) {
      case MYSQL -> first(handle.select(OLDEST_MYSQL, queue)).map(Oldest::createdAt).orElse(null);
      case SQLITE -> oldestSqlite(handle, queue, queue).get(queue);
    };
  }

  private static Map<String, Instant> oldestSqlite(Handle handle, String first, String last) {
    Map<String, Instant> oldest = new HashMap<>();
    handle
        .createQuery(OLDEST_SQLITE)
        .bind("first", first)
        .bind("last", last)
        .map((row, _) -> oldest.put(row.getString(1), Micros.toInstant(row.getLong(2))))
        .list();
    return oldest;
  }

  private static Map<String, Instant> oldestMySql(Handle handle, Set<String> waiting)
      throws SQLException {
    Map<String, JobId> ids = oldestIds(handle, OLDEST_OF_SOME_MYSQL);
    if (!ids.keySet().containsAll(waiting)) {
      ids = oldestIds(handle, OLDEST_OF_ALL_MYSQL);
    }
    Map<JobId, Instant> created = new HashMap<>();
    Ids.query(
        handle.getConnection(),
        CREATED,
        Ids.sorted(ids.values()),
        row -> created.put(JobId.of(row.getBytes(1)), Micros.toInstant(row.getLong(2))));
    Map<String, Instant> oldest = new HashMap<>();
    ids.forEach(
        (queue, id) -> {
          Instant at = created.get(id);
          if (at != null) {
            oldest.put(queue, at);
          }
        });
    return oldest;
  }

  private static Map<String, JobId> oldestIds(Handle handle, String sql) {
    Map<String, JobId> ids = new HashMap<>();
    handle
        .createQuery(sql)
        .map((row, _) -> ids.put(row.getString(1), JobId.of(row.getBytes(2))))
        .list();
    return ids;
  }

  private static Optional<Oldest> first(Query query) {
    return query
        .map((row, _) -> new Oldest(JobId.of(row.getBytes(1)), Micros.toInstant(row.getLong(2))))
        .findOne();
  }
}
