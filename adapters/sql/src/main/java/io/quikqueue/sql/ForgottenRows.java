package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.sql.DependencyRows.Ended;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs that have ended and still are in a line, since a version without dependencies has
 * ended them, and takes them out; and jobs that wait and are in none, since the tables were taken
 * back and made anew, and puts them in. All three are walked, some rows in each call.
 */
final class ForgottenRows {

  private static final Logger log = LoggerFactory.getLogger(ForgottenRows.class);

  /** Of every kind, since the limit has to bound what is read and no index has the kind. */
  private static final String SELECT_NEEDED =
      """
      SELECT d.needs, d.job_id, j.state, j.on_failed_head, d.kind
      FROM dependencies d LEFT JOIN jobs j ON j.id = d.needs
      WHERE d.needs > :after ORDER BY d.needs LIMIT :limit\
      """;

  private static final String SELECT_LAST =
      """
      SELECT l.line, l.last_job, j.state, j.on_failed_head
      FROM ordering_lines l LEFT JOIN jobs j ON j.id = l.last_job
      WHERE l.line > :after ORDER BY l.line LIMIT :limit\
      """;
  private static final String SELECT_WAITING =
      """
      SELECT j.id, d.job_id, j.ordering_key FROM jobs j <index>
      LEFT JOIN dependencies d ON d.job_id = j.id AND d.kind = <order>
      WHERE j.state = <waiting> AND j.id > :after ORDER BY j.id LIMIT :limit\
      """;
  private static final String SELECT_LINES =
      "SELECT queue, ordering_key FROM jobs WHERE id IN (%s) AND ordering_key IS NOT NULL";
  private static final String SELECT_STATES =
      "SELECT id, state, on_failed_head FROM jobs WHERE id IN (%s)";

  /**
   * What is not as it should be.
   *
   * @param ended jobs that are in lines still
   * @param waiting for these
   * @param lines that these are last in
   * @param outside jobs that wait and are in no line
   */
  private record Found(
      Set<JobId> ended, Set<JobId> waiting, Set<LineId> lines, Set<JobId> outside) {

    static Found none() {
      return new Found(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    }

    Set<JobId> jobs() {
      Set<JobId> jobs = new HashSet<>(ended);
      jobs.addAll(waiting);
      jobs.addAll(outside);
      return jobs;
    }
  }

  /** Where a table was walked to. */
  private static final class Walk {

    private final byte[] bottom;
    private final AtomicReference<byte[]> position;

    Walk(int bytes) {
      this.bottom = new byte[bytes];
      this.position = new AtomicReference<>(bottom);
    }

    /** Reads the next rows; the first column is what they are ordered by. */
    void next(Query query, int rows, Ids.Reader reader) {
      List<byte[]> read =
          query
              .bind("after", position.get())
              .bind("limit", rows)
              .map(
                  (row, _) -> {
                    reader.read(row);
                    return row.getBytes(1);
                  })
              .list();
      position.set(read.size() < rows ? bottom : read.getLast());
    }
  }

  private final Database database;
  private final DependencyRows dependencies;
  private final SaveRows save;
  private final Walk needed = new Walk(16);
  private final Walk lines = new Walk(32);
  private final Walk waiting = new Walk(16);

  ForgottenRows(Database database, DependencyRows dependencies, SaveRows save) {
    this.database = database;
    this.dependencies = dependencies;
    this.save = save;
  }

  /** Returns the jobs that became QUEUED. */
  List<Job> release(int rows) {
    Found found = database.read(handle -> look(handle, rows));
    if (found.jobs().isEmpty()) {
      return List.of();
    }
    List<Job> released =
        database.write((handle, commit) -> release(handle.getConnection(), commit, found));
    log.warn(
        "event=dependencies_forgotten ended={} outside={} released={}",
        found.ended().size(),
        found.outside().size(),
        released.size());
    return released;
  }

  private Found look(Handle handle, int rows) {
    Found found = Found.none();
    needed.next(
        handle.createQuery(SELECT_NEEDED),
        rows,
        row -> {
          if (row.getInt(5) == DependencyRows.ORDER && isOver(row)) {
            found.ended().add(JobId.of(row.getBytes(1)));
            found.waiting().add(JobId.of(row.getBytes(2)));
          }
        });
    lines.next(
        handle.createQuery(SELECT_LAST),
        rows,
        row -> {
          if (isOver(row)) {
            found.lines().add(LineId.read(row.getBytes(1)));
            found.ended().add(JobId.of(row.getBytes(2)));
          }
        });
    waiting.next(
        handle
            .createQuery(SELECT_WAITING)
            .define("index", database.dialect().indexOf(JobState.WAITING))
            .define("waiting", JobState.WAITING.code())
            .define("order", DependencyRows.ORDER),
        rows,
        row -> {
          if (row.getBytes(2) == null && row.getBytes(3) != null) {
            found.outside().add(JobId.of(row.getBytes(1)));
          }
        });
    return found;
  }

  /** Whether the job of the third column's state has left its line or is gone. */
  private static boolean isOver(ResultSet row) throws SQLException {
    int state = row.getInt(3);
    return row.wasNull() || (JobState.ofCode(state).terminal() && !HeldLines.holds(row, 3, 4));
  }

  private List<Job> release(Connection connection, Commit commit, Found found) throws SQLException {
    Set<LineId> touched = new HashSet<>(found.lines());
    Ids.query(
        connection,
        SELECT_LINES,
        Ids.sorted(found.jobs()),
        row ->
            touched.add(LineId.of(row.getString(1), String.valueOf(JobTexts.readBytes(row, 2)))));
    Map<LineId, JobId> last = dependencies.lock(connection, touched);
    Set<JobId> ended = new HashSet<>(found.ended());
    Ids.query(
        connection,
        SELECT_STATES,
        Ids.sorted(found.ended()),
        row -> {
          if (!JobState.ofCode(row.getInt(2)).terminal() || HeldLines.holds(row, 2, 3)) {
            ended.remove(JobId.of(row.getBytes(1)));
          }
        });
    List<Step> steps =
        new ArrayList<>(
            dependencies.release(connection, last, new Ended(ended, ended, Instant.MIN)));
    steps.addAll(dependencies.place(connection, last, found.outside()));
    return save.released(connection, commit, last, steps);
  }
}
