package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.LogLine;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code job_logs}. Each row knows at which byte of its job's log it starts, those before
 * it counted that are gone, so that the last row tells how much is kept. Appending locks the job.
 */
final class SqlJobLogs implements JobLogs {

  private static final String INSERT =
      "INSERT INTO job_logs (job_id, number, attempt, logged_at, starts_at, line) VALUES";
  private static final String LOCK = "SELECT id FROM %s WHERE id IN (%%s) ORDER BY id ";
  private static final String SELECT_LAST =
      """
      SELECT l.job_id, l.number, l.starts_at + LENGTH(l.line) FROM job_logs l
      JOIN (SELECT job_id, MAX(number) AS number FROM job_logs WHERE job_id IN (%s)
        GROUP BY job_id) newest ON newest.job_id = l.job_id AND newest.number = l.number\
      """;
  private static final String DELETE_OLD =
      "DELETE FROM job_logs WHERE job_id = ? AND (number <= ? OR starts_at < ?)";
  private static final String SELECT =
      """
      SELECT number, attempt, logged_at, line FROM job_logs
      WHERE job_id = :job AND number > :after ORDER BY number LIMIT :limit\
      """;

  private record Row(JobId job, long number, int attempt, Instant at, long start, byte[] line) {}

  /** Where the log of a job ends. */
  private record End(long number, long bytes) {

    static final End NONE = new End(0, 0);

    Row next(LogLine line, byte[] text) {
      return new Row(
          line.attempt().job(), number + 1, line.attempt().number(), line.at(), bytes, text);
    }

    End after(Row row) {
      return new End(row.number(), row.start() + row.line().length);
    }

    boolean isFull() {
      return number > MOST_LINES || bytes > MOST_BYTES;
    }
  }

  private record Full(JobId job, End end) {}

  private final Database database;
  private final FieldCipher cipher;

  SqlJobLogs(Database database) {
    this.database = database;
    this.cipher = database.dialect().cipher();
  }

  @Override
  public void append(List<LogLine> lines) {
    if (!lines.isEmpty()) {
      database.write((handle, _) -> append(handle.getConnection(), lines));
    }
  }

  private int append(Connection connection, List<LogLine> lines) throws SQLException {
    List<JobId> jobs = Ids.sorted(lines.stream().map(line -> line.attempt().job()).toList());
    Set<JobId> present = lock(connection, jobs);
    Map<JobId, End> ends = ends(connection, jobs.stream().filter(present::contains).toList());
    List<Row> rows = new ArrayList<>(lines.size());
    for (LogLine line : lines) {
      JobId job = line.attempt().job();
      if (present.contains(job)) {
        End end = ends.getOrDefault(job, End.NONE);
        Row row =
            end.next(line, cipher.sealLine(job, line.text().getBytes(StandardCharsets.UTF_8)));
        rows.add(row);
        ends.put(job, end.after(row));
      }
    }
    insert(connection, rows);
    List<Full> full = new ArrayList<>(0);
    ends.forEach(
        (job, end) -> {
          if (end.isFull()) {
            full.add(new Full(job, end));
          }
        });
    MultiRow.executeEach(
        connection,
        DELETE_OLD,
        full,
        (to, at, each) -> {
          to.setBytes(at + 1, each.job().bytes());
          to.setLong(at + 2, each.end().number() - MOST_LINES);
          to.setLong(at + 3, each.end().bytes() - MOST_BYTES);
        });
    return rows.size();
  }

  private Set<JobId> lock(Connection connection, List<JobId> jobs) throws SQLException {
    Set<JobId> present = new HashSet<>();
    Dialect dialect = database.dialect();
    Ids.query(
        connection,
        LOCK.formatted(dialect.byKey("jobs")) + dialect.forUpdate(),
        jobs,
        row -> present.add(JobId.of(row.getBytes(1))));
    return present;
  }

  private static Map<JobId, End> ends(Connection connection, List<JobId> jobs) throws SQLException {
    Map<JobId, End> ends = new HashMap<>();
    if (!jobs.isEmpty()) {
      Ids.query(
          connection,
          SELECT_LAST,
          jobs,
          row -> ends.put(JobId.of(row.getBytes(1)), new End(row.getLong(2), row.getLong(3))));
    }
    return ends;
  }

  private void insert(Connection connection, List<Row> rows) throws SQLException {
    database
        .dialect()
        .insert(
            connection,
            INSERT,
            6,
            "",
            rows,
            row -> row.line().length,
            (to, at, row) -> {
              to.setBytes(at + 1, row.job().bytes());
              to.setLong(at + 2, row.number());
              to.setInt(at + 3, row.attempt());
              to.setLong(at + 4, Micros.of(row.at()));
              to.setLong(at + 5, row.start());
              to.setBytes(at + 6, row.line());
            });
  }

  @Override
  public List<Numbered> lines(JobId job, long after, int limit) {
    return database.read(handle -> lines(handle, job, after, limit));
  }

  private List<Numbered> lines(Handle handle, JobId job, long after, int limit) {
    return handle
        .createQuery(SELECT)
        .bind("job", job.bytes())
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (row, _) ->
                new Numbered(
                    row.getLong(1),
                    row.getInt(2),
                    Micros.toInstant(row.getLong(3)),
                    new String(cipher.openLine(job, row.getBytes(4)), StandardCharsets.UTF_8)))
        .list();
  }
}
