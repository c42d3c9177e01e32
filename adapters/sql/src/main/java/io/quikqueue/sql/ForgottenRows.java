package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.sql.DependencyRows.Ended;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs that have ended and still are in a line, since a version without dependencies has
 * ended them, and takes them out. Both tables are walked, some rows in each call.
 */
final class ForgottenRows {

  private static final Logger log = LoggerFactory.getLogger(ForgottenRows.class);

  private static final String SELECT_NEEDED =
      """
      SELECT d.needs, d.job_id, j.state FROM dependencies d LEFT JOIN jobs j ON j.id = d.needs
      WHERE d.needs > :after AND d.kind = <order> ORDER BY d.needs LIMIT :limit""";
  private static final String SELECT_LAST =
      """
      SELECT l.line, l.last_job, j.state FROM ordering_lines l LEFT JOIN jobs j ON j.id = l.last_job
      WHERE l.line > :after ORDER BY l.line LIMIT :limit""";
  private static final String SELECT_LINES =
      "SELECT queue, ordering_key FROM jobs WHERE id IN (%s) AND ordering_key IS NOT NULL";
  private static final String SELECT_OPEN = "SELECT id, state FROM jobs WHERE id IN (%s)";
  private static final byte[] BOTTOM = new byte[16];
  private static final byte[] BOTTOM_LINE = new byte[32];

  /** Ended jobs that are still in lines, and whose lines these are. */
  private record Found(Set<JobId> ended, Set<JobId> waiting, Set<LineId> lines) {

    static Found none() {
      return new Found(new HashSet<>(), new HashSet<>(), new HashSet<>());
    }
  }

  private final Database database;
  private final DependencyRows dependencies;
  private final SaveRows save;
  private final AtomicReference<byte[]> needed = new AtomicReference<>(BOTTOM);
  private final AtomicReference<byte[]> line = new AtomicReference<>(BOTTOM_LINE);

  ForgottenRows(Database database, DependencyRows dependencies, SaveRows save) {
    this.database = database;
    this.dependencies = dependencies;
    this.save = save;
  }

  /** Returns the jobs that became QUEUED. */
  List<Job> release(int rows) {
    Found found = Found.none();
    database.read(handle -> look(handle, rows, found));
    if (found.ended().isEmpty()) {
      return List.of();
    }
    List<Job> released =
        database.write((handle, commit) -> release(handle.getConnection(), commit, found));
    log.warn(
        "event=dependencies_forgotten jobs={} released={}", found.ended().size(), released.size());
    return released;
  }

  private boolean look(Handle handle, int rows, Found found) {
    page(
        handle.createQuery(SELECT_NEEDED).define("order", DependencyRows.ORDER),
        rows,
        needed,
        BOTTOM,
        (first, second) -> {
          found.ended().add(JobId.of(first));
          found.waiting().add(JobId.of(second));
        });
    page(
        handle.createQuery(SELECT_LAST),
        rows,
        line,
        BOTTOM_LINE,
        (first, second) -> {
          found.lines().add(LineId.read(first));
          found.ended().add(JobId.of(second));
        });
    return true;
  }

  private interface Stray {
    void add(byte[] first, byte[] second);
  }

  /** Hands over the next rows whose job has ended or is gone. */
  private static void page(
      Query query, int rows, AtomicReference<byte[]> position, byte[] bottom, Stray stray) {
    List<byte[]> read =
        query
            .bind("after", position.get())
            .bind("limit", rows)
            .map(
                (row, _) -> {
                  int state = row.getInt(3);
                  if (row.wasNull() || JobState.ofCode(state).terminal()) {
                    stray.add(row.getBytes(1), row.getBytes(2));
                  }
                  return row.getBytes(1);
                })
            .list();
    position.set(read.size() < rows ? bottom : read.getLast());
  }

  private List<Job> release(Connection connection, Commit commit, Found found) throws SQLException {
    Set<LineId> lines = new HashSet<>(found.lines());
    Set<JobId> asked = new HashSet<>(found.waiting());
    asked.addAll(found.ended());
    Ids.query(
        connection,
        SELECT_LINES,
        Ids.sorted(asked),
        row -> lines.add(LineId.of(row.getString(1), String.valueOf(JobTexts.readBytes(row, 2)))));
    var last = dependencies.lock(connection, lines);
    Set<JobId> ended = new HashSet<>(found.ended());
    Ids.query(
        connection,
        SELECT_OPEN,
        Ids.sorted(found.ended()),
        row -> {
          if (!JobState.ofCode(row.getInt(2)).terminal()) {
            ended.remove(JobId.of(row.getBytes(1)));
          }
        });
    return save.release(connection, commit, last, new Ended(ended, ended, Instant.MIN));
  }
}
