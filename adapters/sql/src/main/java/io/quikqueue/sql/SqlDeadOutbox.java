package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.DeadOutbox;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The table {@code dead_outbox}. */
final class SqlDeadOutbox implements DeadOutbox {

  private static final String INSERT =
      """
      INSERT INTO dead_outbox (job_id, attempt, type, queue, error_class, error, failed_at) VALUES\
      """;
  private static final String SELECT =
      """
      SELECT job_id, attempt, type, queue, error_class, error, failed_at FROM dead_outbox
      ORDER BY job_id, attempt LIMIT :limit\
      """;
  private static final String DELETE = "DELETE FROM dead_outbox WHERE job_id = ? AND attempt = ?";

  private final Database database;

  SqlDeadOutbox(Database database) {
    this.database = database;
  }

  /** Writes the rows of jobs that changes made FAILED; most did not. */
  static void write(Connection connection, Dialect dialect, List<Step> steps) throws SQLException {
    List<DeadJob> dead = new ArrayList<>();
    for (Step step : steps) {
      DeadJob job = DeadJob.of(step.change());
      if (job != null) {
        dead.add(job);
      }
    }
    dialect.insert(
        connection,
        INSERT,
        7,
        dialect.keepExisting("type"),
        dead,
        job -> job.error() == null ? 0 : job.error().length(),
        SqlDeadOutbox::bind);
  }

  private static void bind(PreparedStatement to, int at, DeadJob job) throws SQLException {
    to.setBytes(at + 1, job.attempt().job().bytes());
    to.setInt(at + 2, job.attempt().number());
    to.setString(at + 3, job.type());
    to.setString(at + 4, job.queue());
    to.setBytes(at + 5, Utf8.orNull(job.errorClass()));
    to.setBytes(at + 6, Utf8.orNull(job.error()));
    to.setLong(at + 7, Micros.of(job.failedAt()));
  }

  @Override
  public List<DeadJob> unpublished(int limit) {
    return database.read(
        handle ->
            handle.createQuery(SELECT).bind("limit", limit).map((row, _) -> read(row)).list());
  }

  private static DeadJob read(ResultSet row) throws SQLException {
    return new DeadJob(
        new AttemptId(JobId.of(row.getBytes(1)), row.getInt(2)),
        row.getString(3),
        row.getString(4),
        JobTexts.readBytes(row, 5),
        JobTexts.readBytes(row, 6),
        Micros.toInstant(row.getLong(7)));
  }

  @Override
  public void forget(Collection<AttemptId> published) {
    if (published.isEmpty()) {
      return;
    }
    database.write(
        (handle, _) ->
            MultiRow.executeEach(
                handle.getConnection(),
                DELETE,
                List.copyOf(published),
                (to, at, attempt) -> {
                  to.setBytes(at + 1, attempt.job().bytes());
                  to.setInt(at + 2, attempt.number());
                }));
  }
}
