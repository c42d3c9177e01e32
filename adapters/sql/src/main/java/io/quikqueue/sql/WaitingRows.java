package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps new jobs to the number that may wait. The table {@code waiting_counts} has a row for each
 * queue with such a limit, which a transaction that stores jobs there locks until it ends: so of
 * two that come at once the second counts what the first has stored. Nothing is counted job by job:
 * {@code queue_counts} has the numbers.
 */
final class WaitingRows {

  private static final String LOCK = "INSERT INTO waiting_counts (queue, job_group, n) VALUES";
  private static final String COUNT =
      "SELECT COALESCE(SUM(n), 0) FROM queue_counts WHERE queue = ? AND kind IN ("
          + QueueCounts.WAITING
          + ")";

  private final Dialect dialect;

  WaitingRows(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Refuses those new jobs that there is no room for, in the order in which they come.
   *
   * @param fresh jobs that are not stored yet
   */
  Map<JobId, SubmitResult> refuse(Connection connection, List<Submission> fresh)
      throws SQLException {
    List<Submission> limited = new ArrayList<>();
    for (Submission each : fresh) {
      if (!each.maxWaiting().equals(MaxWaiting.ANY)) {
        limited.add(each);
      }
    }
    if (limited.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> waiting = locked(connection, limited);
    Map<JobId, SubmitResult> refused = new HashMap<>();
    for (Submission each : limited) {
      SubmitResult.Full full = full(each, waiting);
      if (full == null) {
        waiting.computeIfPresent(each.job().spec().queue(), (_, n) -> n + 1);
      } else {
        refused.put(each.job().id(), full);
      }
    }
    return refused;
  }

  private static SubmitResult.@Nullable Full full(Submission job, Map<String, Long> waiting) {
    Integer most = job.maxWaiting().ofQueue();
    String queue = job.job().spec().queue();
    Long now = waiting.get(queue);
    return most != null && now != null && now >= most
        ? new SubmitResult.Full(queue, null, now, most)
        : null;
  }

  /** How many wait in each queue that has a limit, as it stays until this transaction ends. */
  private Map<String, Long> locked(Connection connection, List<Submission> limited)
      throws SQLException {
    TreeSet<String> queues = new TreeSet<>();
    for (Submission each : limited) {
      if (each.maxWaiting().ofQueue() != null) {
        queues.add(each.job().spec().queue());
      }
    }
    dialect.insert(
        connection,
        LOCK,
        3,
        dialect.keepExisting("n"),
        List.copyOf(queues),
        _ -> 0,
        (to, at, queue) -> {
          to.setString(at + 1, queue);
          to.setBytes(at + 2, new byte[0]);
          to.setLong(at + 3, 0);
        });
    Map<String, Long> waiting = new HashMap<>();
    for (String queue : queues) {
      waiting.put(queue, count(connection, queue));
    }
    return waiting;
  }

  private static long count(Connection connection, String queue) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(COUNT)) {
      count.setString(1, queue);
      try (ResultSet row = count.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
