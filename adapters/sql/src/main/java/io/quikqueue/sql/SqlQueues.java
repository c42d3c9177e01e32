package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
  private static final String OLDEST_SQLITE =
      """
      SELECT id, created_at FROM jobs INDEXED BY jobs_queued
      WHERE state = 3 AND queue = ? AND priority = ? ORDER BY id LIMIT 1""";

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
          return names.isEmpty() ? List.of() : figures(handle, names.getFirst(), names.getLast());
        });
  }

  @Override
  public Optional<QueueFigures> find(String queue) {
    return database.read(handle -> figures(handle, queue, queue).stream().findFirst());
  }

  private List<QueueFigures> figures(Handle handle, String first, String last) {
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
    List<QueueFigures> figures = new ArrayList<>();
    sums.forEach((queue, counts) -> figures.add(figures(handle, queue, counts)));
    return figures;
  }

  private QueueFigures figures(Handle handle, String queue, Map<Integer, Long> counts) {
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
        depth.containsKey(JobState.QUEUED) ? oldest(handle, queue) : null);
  }

  private @Nullable Instant oldest(Handle handle, String queue) {
    return switch (database.dialect()) {
      case MYSQL -> first(handle.select(OLDEST_MYSQL, queue)).map(Oldest::createdAt).orElse(null);
      case SQLITE ->
          IntStream.rangeClosed(0, JobSpec.LOWEST_PRIORITY)
              .mapToObj(priority -> first(handle.select(OLDEST_SQLITE, queue, priority)))
              .flatMap(Optional::stream)
              .min(Comparator.comparing(Oldest::id))
              .map(Oldest::createdAt)
              .orElse(null);
    };
  }

  private static Optional<Oldest> first(Query query) {
    return query
        .map((row, _) -> new Oldest(JobId.of(row.getBytes(1)), Micros.toInstant(row.getLong(2))))
        .findOne();
  }
}
