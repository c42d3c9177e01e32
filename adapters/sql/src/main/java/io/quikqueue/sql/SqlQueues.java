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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The counters in {@code queue_counts}, and the oldest QUEUED job by index. */
final class SqlQueues implements Queues {

  private static final String NAMES =
      "SELECT DISTINCT queue FROM queue_counts ORDER BY queue LIMIT 1000";
  private static final String SUMS =
      """
      SELECT queue, kind, SUM(n) FROM queue_counts
      WHERE queue >= :first AND queue <= :last GROUP BY queue, kind ORDER BY queue, kind\
      """;

  private final Database database;

  private final OldestWaiting oldest;

  SqlQueues(Database database) {
    this.database = database;
    this.oldest = new OldestWaiting(database.dialect(), System::nanoTime);
  }

  @Override
  public List<JobId> oldestBeyond(String queue, @Nullable String group, int most, int limit) {
    WaitingCounts.Key of = new WaitingCounts.Key(queue, group == null ? "" : group);
    return database.read(
        handle -> {
          long beyond = WaitingRows.count(handle.getConnection(), of) - most;
          return beyond <= 0 ? List.of() : oldest.find(handle, of, (int) Math.min(beyond, limit));
        });
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
          SortedSet<String> waiting = new TreeSet<>();
          sums.forEach(
              (queue, counts) -> {
                if (hasQueued(counts)) {
                  waiting.add(queue);
                }
              });
          Map<String, Instant> oldest = oldest(handle, waiting);
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
          SortedSet<String> waiting = new TreeSet<>();
          if (hasQueued(counts)) {
            waiting.add(queue);
          }
          return Optional.of(figures(queue, counts, oldest(handle, waiting).get(queue)));
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

  private static boolean hasQueued(Map<Integer, Long> counts) {
    return counts.getOrDefault(JobState.QUEUED.code(), 0L) > 0;
  }

  private Map<String, Instant> oldest(Handle handle, SortedSet<String> waiting)
      throws SQLException {
    return waiting.isEmpty() ? Map.of() : database.dialect().oldestQueued(handle, waiting);
  }
}
