package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** QUEUED and RUNNING jobs, found by index. */
final class SqlActiveJobs implements ActiveJobs {

  private static final byte[] BOTTOM = new byte[16];
  private static final String SCAN =
      """
      SELECT <job> FROM jobs j <index>
      WHERE j.state = <state> AND j.id > :after ORDER BY j.id LIMIT :limit""";

  /**
   * On MySQL, where the ready queue is in another server and nobody asks for it often, this sorts
   * all that are QUEUED.
   */
  private static final String BACKLOG =
      """
      SELECT <job> FROM jobs j <index>
      WHERE j.state = 3 AND j.queue = :queue AND (j.priority, j.id) > (:priority, :after)
      ORDER BY j.priority, j.id LIMIT :limit""";

  private final Database database;
  private final JobPages pages;

  SqlActiveJobs(Database database) {
    this.database = database;
    this.pages = new JobPages(database.dialect());
  }

  @Override
  public List<Job> scan(JobState state, @Nullable JobId after, int limit) {
    if (!state.active()) {
      throw new IllegalArgumentException(state + " is not an active state");
    }
    String index = state == JobState.QUEUED ? "jobs_queued" : "jobs_by_state";
    return database.read(
        handle ->
            pages.read(
                handle
                    .createQuery(SCAN)
                    .define(
                        "index",
                        database
                            .dialect()
                            .pick("FORCE INDEX (jobs_by_state)", "INDEXED BY " + index))
                    .define("state", state.code())
                    .bind("after", after == null ? BOTTOM : after.bytes()),
                limit,
                (row, _) -> JobRows.read(row),
                Job::chars));
  }

  @Override
  public List<Job> backlog(String queue, @Nullable Job after, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(BACKLOG)
                .define(
                    "index",
                    database
                        .dialect()
                        .pick("FORCE INDEX (jobs_by_state)", "INDEXED BY jobs_queued"))
                .bind("queue", queue)
                .bind("priority", after == null ? -1 : after.spec().priority())
                .bind("after", after == null ? BOTTOM : after.id().bytes())
                .bind("limit", limit)
                .map((row, _) -> JobRows.read(row))
                .list());
  }
}
