package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table {@code timers}. */
final class SqlTimers implements Timers {

  private static final String SELECT =
      """
      SELECT <job>, t.due_at, t.job_id FROM timers t LEFT JOIN jobs j ON j.id = t.job_id
      WHERE t.due_at <= :now ORDER BY t.due_at, t.job_id LIMIT :limit\
      """;

  private static final int DUE_AT = JobColumns.READ + 1;
  private static final int JOB_ID = JobColumns.READ + 2;

  private record Row(SideRows.Timer timer, List<Job> job) {}

  private final Database database;
  private final JobPages pages;

  SqlTimers(Database database) {
    this.database = database;
    this.pages = new JobPages(database.dialect());
  }

  @Override
  public List<Job> due(Instant now, int limit) {
    List<Row> rows =
        database.read(
            handle ->
                pages.read(
                    handle.createQuery(SELECT).bind("now", Micros.of(now)),
                    limit,
                    (row, _) ->
                        new Row(
                            new SideRows.Timer(
                                Micros.toInstant(row.getLong(DUE_AT)),
                                JobId.of(row.getBytes(JOB_ID))),
                            row.getBytes(1) == null
                                ? List.of()
                                : List.of(JobColumns.read(row, database.dialect().cipher()))),
                    row -> row.job().stream().mapToLong(Job::chars).sum()));
    List<Job> due = new ArrayList<>(rows.size());
    List<SideRows.Timer> stray = new ArrayList<>();
    for (Row row : rows) {
      if (row.job().stream().anyMatch(job -> row.timer().due().equals(job.timer()))) {
        due.addAll(row.job());
      } else {
        stray.add(row.timer());
      }
    }
    forget(stray);
    return due;
  }

  /** A row that is not its job's timer would be in the way at every look. */
  private void forget(List<SideRows.Timer> stray) {
    if (!stray.isEmpty()) {
      database.write(
          (handle, _) -> {
            database.dialect().deleteTimers(handle.getConnection(), stray);
            return true;
          });
    }
  }
}
