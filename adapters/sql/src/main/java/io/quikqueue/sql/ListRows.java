package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Pages of jobs, newest first. What is asked for is looked for in the newest rows, by index where
 * the state tells which, in a few bounded steps. A page ends where the steps end if it has a job by
 * then; else the search goes on for the first one, within bounds of rows and time.
 */
final class ListRows {

  private static final String SELECT =
      """
      SELECT id, state, queue, type, labels FROM jobs <index>
      WHERE <state> id < :before ORDER BY id DESC LIMIT :limit""";

  /**
   * SQLite's index of QUEUED jobs has them by queue and priority: the youngest of each line, then
   * of these the youngest. To sort all of a million takes a second.
   */
  private static final String SELECT_QUEUED_SQLITE =
      """
      WITH line (queue, priority) AS (
        SELECT queue, column1 FROM
          (SELECT queue FROM queue_counts WHERE kind = 3 <of_queue>
           GROUP BY queue HAVING SUM(n) > 0),
          (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)))
      SELECT j.id, j.state, j.queue, j.type, j.labels FROM line CROSS JOIN jobs j ON j.id IN (
        SELECT id FROM jobs INDEXED BY jobs_queued
        WHERE state = 3 AND queue = line.queue AND priority = line.priority AND id < :before
        ORDER BY id DESC LIMIT :limit)
      ORDER BY j.id DESC LIMIT :limit""";

  private static final int WINDOW = 1000;
  private static final int WINDOWS = 5;

  /** Without any match: 200,000 rows, or half a second. */
  private static final int MOST_WINDOWS = 200;

  private static final long MOST_NANOS = Duration.ofMillis(500).toNanos();

  private record Row(JobId id, int state, String queue, String type, @Nullable String labels) {}

  private final Database database;
  private final LongSupplier nanos;

  /**
   * @param nanos monotonic time
   */
  ListRows(Database database, LongSupplier nanos) {
    this.database = database;
    this.nanos = nanos;
  }

  /** The ids on a page, and where the next one begins. */
  record Page(List<JobId> ids, @Nullable JobId next) {}

  Page page(JobQuery query) {
    return database.read(
        handle -> {
          List<JobId> ids = new ArrayList<>();
          byte[] before = beginning(query.after());
          long begun = nanos.getAsLong();
          for (int i = 0; i < WINDOWS || goesOn(ids, i, begun); i++) {
            int limit = i == 0 ? query.limit() + 1 : WINDOW;
            List<Row> window =
                statement(handle, query)
                    .bind("before", before)
                    .bind("limit", limit)
                    .map((row, _) -> read(row))
                    .list();
            for (Row row : window) {
              if (matches(row, query)) {
                if (ids.size() == query.limit()) {
                  return new Page(ids, ids.getLast());
                }
                ids.add(row.id());
              }
            }
            if (window.size() < limit) {
              return new Page(ids, null);
            }
            before = window.getLast().id().bytes();
          }
          return new Page(ids, JobId.of(before));
        });
  }

  private boolean goesOn(List<JobId> ids, int windows, long begun) {
    return ids.isEmpty() && windows < MOST_WINDOWS && nanos.getAsLong() - begun < MOST_NANOS;
  }

  private Query statement(Handle handle, JobQuery query) {
    JobState state = query.state();
    if (state != JobState.QUEUED || database.dialect() == Dialect.MYSQL) {
      return handle.createQuery(SELECT).define("index", index(state)).define("state", state(state));
    }
    String queue = query.queue();
    Query queued =
        handle
            .createQuery(SELECT_QUEUED_SQLITE)
            .define("of_queue", queue == null ? "" : "AND queue = :queue");
    return queue == null ? queued : queued.bind("queue", queue);
  }

  static JobPage filled(Page page, Map<JobId, Job> jobs, JobQuery query) {
    List<Job> found = new ArrayList<>();
    for (JobId id : page.ids()) {
      Job job = jobs.get(id);
      // It may have moved on since its id was read.
      if (job != null && (query.state() == null || query.state() == job.state())) {
        found.add(job);
      }
    }
    return new JobPage(found, page.next());
  }

  private static byte[] beginning(@Nullable JobId after) {
    if (after != null) {
      return after.bytes();
    }
    byte[] top = new byte[16];
    Arrays.fill(top, (byte) 0xFF);
    return top;
  }

  /**
   * SQLite's indexes leave out DONE, which is most jobs: those are met by walking all. QUEUED ones
   * have a statement of their own there.
   */
  private String index(@Nullable JobState state) {
    if (state == null) {
      return "";
    }
    return switch (database.dialect()) {
      case MYSQL -> "FORCE INDEX (jobs_by_state)";
      case SQLITE ->
          switch (state) {
            case DONE, QUEUED -> "";
            case WAITING, SCHEDULED, RUNNING, RETRYING, FAILED, CANCELLED, EXPIRED ->
                "INDEXED BY jobs_by_state";
          };
    };
  }

  /** The code as a literal: SQLite uses a partial index only for what it sees in the text. */
  private String state(@Nullable JobState state) {
    if (state == null || (database.dialect() == Dialect.SQLITE && state == JobState.DONE)) {
      return "";
    }
    return "state = " + state.code() + " AND";
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        JobId.of(row.getBytes(1)),
        row.getInt(2),
        row.getString(3),
        row.getString(4),
        row.getString(5));
  }

  private static boolean matches(Row row, JobQuery query) {
    JobState state = query.state();
    return (state == null || state.code() == row.state())
        && (query.queue() == null || query.queue().equals(row.queue()))
        && (query.type() == null || query.type().equals(row.type()))
        && (query.labels().isEmpty() || labelled(row.labels(), query.labels()));
  }

  private static boolean labelled(@Nullable String labels, Map<String, String> wanted) {
    return labels != null && JobRows.labels(labels).entrySet().containsAll(wanted.entrySet());
  }
}
