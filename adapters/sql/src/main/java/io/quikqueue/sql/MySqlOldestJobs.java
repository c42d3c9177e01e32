package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;

/** Finds the oldest QUEUED job of queues by the index of states and ids. */
final class MySqlOldestJobs {

  private static final String OF_ONE =
      """
      SELECT queue, created_at FROM jobs FORCE INDEX (jobs_by_state)
      WHERE state = <queued> AND queue = ? ORDER BY id LIMIT 1""";

  /** Of the queues that have a job among the oldest. */
  private static final String OF_SOME =
      """
      SELECT queue, MIN(id) FROM (
        SELECT queue, id FROM jobs FORCE INDEX (jobs_by_state)
        WHERE state = <queued> ORDER BY id LIMIT 10000) oldest GROUP BY queue""";

  /** Reads all that are QUEUED, once for all queues: half a second for a million. */
  private static final String OF_ALL =
      """
      SELECT queue, MIN(id) FROM jobs FORCE INDEX (jobs_by_state)
      WHERE state = <queued> GROUP BY queue""";

  private static final String CREATED = "SELECT id, created_at FROM jobs WHERE id IN (%s)";

  private MySqlOldestJobs() {}

  static Map<String, Instant> find(Handle handle, SortedSet<String> queues) throws SQLException {
    return queues.size() == 1 ? ofOne(handle, queues.first()) : ofMany(handle, queues);
  }

  private static Map<String, Instant> ofOne(Handle handle, String queue) {
    return handle
        .select(OF_ONE, queue)
        .map((row, _) -> Map.entry(row.getString(1), Micros.toInstant(row.getLong(2))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private static Map<String, Instant> ofMany(Handle handle, SortedSet<String> queues)
      throws SQLException {
    Map<String, JobId> ids = ids(handle, OF_SOME);
    if (!ids.keySet().containsAll(queues)) {
      ids = ids(handle, OF_ALL);
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

  private static Map<String, JobId> ids(Handle handle, String sql) {
    Map<String, JobId> ids = new HashMap<>();
    handle
        .createQuery(sql)
        .map((row, _) -> ids.put(row.getString(1), JobId.of(row.getBytes(2))))
        .list();
    return ids;
  }
}
