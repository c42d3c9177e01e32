package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.Outbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** The table {@code outbox}. */
final class SqlOutbox implements Outbox {

  private static final String SELECT =
      """
      SELECT <job>, o.job_id, o.attempt FROM outbox o
      LEFT JOIN jobs j ON j.id = o.job_id AND j.attempt = o.attempt AND j.state = <queued>
      WHERE o.created_at < :written_before ORDER BY o.job_id, o.attempt LIMIT :limit\
      """;
  private static final int JOB_ID = JobColumns.READ + 1;
  private static final int ATTEMPT = JobColumns.READ + 2;
  private static final String COUNT =
      "SELECT COUNT(*) FROM (SELECT 1 FROM outbox LIMIT 100000) counted";

  private static final String HOLDS =
      "SELECT 1 FROM outbox WHERE job_id = :job AND attempt = :attempt";

  /** By attempt, because MariaDB scans the table for pairs of values in a list. */
  private static final String DELETE = "%s WHERE attempt = %d AND job_id IN (%%s)";

  /** How often rows that are out of date are deleted and others read in their place. */
  private static final int ROUNDS = 100;

  private record Row(AttemptId attempt, List<Job> job) {}

  private final Database database;
  private final JobPages pages;

  SqlOutbox(Database database) {
    this.database = database;
    this.pages = new JobPages(database.dialect());
  }

  @Override
  public List<Job> pending(Instant writtenBefore, int limit) {
    List<Job> jobs = List.of();
    for (int round = 0; round < ROUNDS; round++) {
      List<Row> rows = database.read(handle -> rows(handle, writtenBefore, limit));
      jobs = rows.stream().flatMap(row -> row.job().stream()).toList();
      if (jobs.size() == rows.size()) {
        break;
      }
      delete(rows.stream().filter(row -> row.job().isEmpty()).map(Row::attempt).toList());
    }
    return jobs;
  }

  private List<Row> rows(Handle handle, Instant writtenBefore, int limit) {
    return pages.read(
        handle.createQuery(SELECT).bind("written_before", Micros.of(writtenBefore)),
        limit,
        (row, _) ->
            new Row(
                new AttemptId(JobId.of(row.getBytes(JOB_ID)), row.getInt(ATTEMPT)),
                row.getBytes(1) == null
                    ? List.of()
                    : List.of(JobColumns.read(row, database.dialect().cipher()))),
        row -> row.job().stream().mapToLong(Job::chars).sum());
  }

  @Override
  public boolean holds(AttemptId attempt) {
    return database.read(
        handle ->
            handle
                .createQuery(HOLDS)
                .bind("job", attempt.job().bytes())
                .bind("attempt", attempt.number())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  @Override
  public void delete(Collection<AttemptId> announced) {
    Map<Integer, TreeSet<JobId>> byAttempt = new TreeMap<>();
    for (AttemptId attempt : announced) {
      byAttempt.computeIfAbsent(attempt.number(), _ -> new TreeSet<>()).add(attempt.job());
    }
    if (byAttempt.isEmpty()) {
      return;
    }
    String table = database.dialect().deleteByKey("outbox");
    database.writeEach(
        handle -> {
          for (Map.Entry<Integer, TreeSet<JobId>> each : byAttempt.entrySet()) {
            Ids.update(
                handle.getConnection(),
                DELETE.formatted(table, each.getKey()),
                new ArrayList<>(each.getValue()));
          }
          return true;
        });
  }

  @Override
  public int size() {
    return database.read(handle -> handle.select(COUNT).mapTo(Integer.class).one());
  }
}
