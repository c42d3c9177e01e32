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
      WHERE <state> id < :before ORDER BY id DESC LIMIT :limit\
      """;

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
                database
                    .dialect()
                    .newestJobs(handle, query)
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

  /** All jobs, newest first; see {@link Dialect#newestJobs}. */
  static Query ofAnyState(Handle handle) {
    return handle.createQuery(SELECT).define("index", "").define("state", "");
  }

  /** Those in a state, newest first, by an index. */
  static Query ofState(Handle handle, String index, JobState state) {
    return handle
        .createQuery(SELECT)
        .define("index", index)
        .define("state", "state = " + state.code() + " AND");
  }

  static JobPage filled(Page page, Map<JobId, Job> jobs, JobQuery query) {
    List<Job> found = new ArrayList<>();
    for (JobId id : page.ids()) {
      Job job = jobs.get(id);
      // It may have moved on since its id was read.
      if (job != null
          && (query.state() == null || query.state() == job.state())
          && query.scope().covers(job.spec())) {
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
        && query.scope().covers(row.queue(), row.type())
        && (query.labels().isEmpty() || labelled(row.labels(), query.labels()));
  }

  private static boolean labelled(@Nullable String labels, Map<String, String> wanted) {
    return labels != null && JobTexts.readLabels(labels).entrySet().containsAll(wanted.entrySet());
  }
}
