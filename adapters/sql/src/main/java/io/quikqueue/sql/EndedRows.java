package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.EndedJobs;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Looks for jobs of a queue that have ended, the oldest first, a window of the table at a time. */
final class EndedRows {

  /** So many rows of any queue that one look passes. */
  private static final int WINDOW = 10_000;

  private static final String LAST =
      """
      SELECT j.id FROM jobs j <index> WHERE <in_state> j.id > :after AND j.id < :before
      ORDER BY j.id LIMIT 1 OFFSET <window>\
      """;

  private static final String SELECT =
      """
      SELECT j.id FROM jobs j <index>
      WHERE j.state = <state> AND j.id > :after AND j.id < :before
        AND (:last IS NULL OR j.id <= :last) AND j.queue = :queue AND j.node IS NULL <held>
      ORDER BY j.id LIMIT :limit\
      """;

  private final Database database;

  EndedRows(Database database) {
    this.database = database;
  }

  EndedJobs find(String queue, JobState state, @Nullable JobId after, Instant before, int limit) {
    byte[] from = after == null ? new byte[16] : after.bytes();
    byte[] end = JobIds.floor(before).bytes();
    return database.read(
        handle -> {
          byte[] last =
              query(handle, LAST, state, from, end)
                  .define("window", WINDOW)
                  .mapTo(byte[].class)
                  .findOne()
                  .orElse(null);
          List<JobId> found =
              query(handle, SELECT, state, from, end)
                  .define("held", state == JobState.FAILED ? HeldLines.NONE : "")
                  .bind("last", last)
                  .bind("queue", queue)
                  .bind("limit", limit)
                  .mapTo(byte[].class)
                  .map(JobId::of)
                  .list();
          JobId next =
              found.size() == limit ? found.getLast() : last == null ? null : JobId.of(last);
          return new EndedJobs(found, next);
        });
  }

  private Query query(Handle handle, String sql, JobState state, byte[] after, byte[] before) {
    String index = database.dialect().indexOfEnded(state);
    return handle
        .createQuery(sql)
        .define("index", index)
        .define("in_state", index.isEmpty() ? "" : "j.state = " + state.code() + " AND")
        .define("state", state.code())
        .bind("after", after)
        .bind("before", before);
  }
}
