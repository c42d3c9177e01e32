package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobStep.Status;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.sql.SignalRows.Come;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code job_steps}, whose rows are written under a lock on their job. */
final class SqlJobSteps implements JobSteps {

  private static final String SELECT_ALL =
      "SELECT " + StepRows.COLUMNS + " FROM job_steps WHERE job_id = :job ORDER BY began_at, name";
  private static final String LOCK = "SELECT state, attempt FROM jobs WHERE id = ? ";

  /** What came with signals is counted by {@link SqlJobSignals}. */
  private static final String COUNT =
      """
      SELECT COUNT(*), COALESCE(SUM(CASE WHEN kind = 1 THEN size ELSE 0 END), 0)
      FROM job_steps WHERE job_id = ?\
      """;

  private final Database database;
  private final FieldCipher cipher;
  private final SignalRows signals;

  SqlJobSteps(Database database) {
    this.database = database;
    this.cipher = database.dialect().cipher();
    this.signals = new SignalRows(database.dialect());
  }

  @Override
  public Answer keep(AttemptId attempt, JobStep step) {
    return database.write(
        (handle, _) -> {
          Connection connection = handle.getConnection();
          if (!isCurrent(connection, attempt)) {
            return new Answer.Stale();
          }
          JobStep kept = StepRows.find(connection, cipher, attempt.job(), step.name());
          if (kept != null) {
            return new Answer.Kept(kept);
          }
          Answer.Full full = full(connection, attempt.job(), StepRows.size(step));
          if (full != null) {
            return full;
          }
          StepRows.insert(connection, cipher, attempt.job(), step);
          return new Answer.Kept(step);
        });
  }

  @Override
  public Answer await(AttemptId attempt, JobStep wait) {
    return database.write((handle, _) -> await(handle.getConnection(), attempt, wait));
  }

  private Answer await(Connection connection, AttemptId attempt, JobStep wait) throws SQLException {
    if (!isCurrent(connection, attempt)) {
      return new Answer.Stale();
    }
    JobId job = attempt.job();
    JobStep kept = StepRows.find(connection, cipher, job, wait.name());
    String signal = kept == null ? wait.signal() : kept.signal();
    if (signal == null || (kept != null && kept.status() != Status.PENDING)) {
      return new Answer.Kept(kept == null ? wait : kept);
    }
    Answer.Full full = kept == null ? full(connection, job, 0) : null;
    if (full != null) {
      return full;
    }
    JobStep begun = kept == null ? wait : kept;
    Come come = come(connection, job, signal);
    JobStep now =
        come == null
            ? begun.asked(attempt.number(), wait.at())
            : begun.received(attempt.number(), come.payload());
    if (come != null) {
      SignalRows.take(connection, job, signal, come.key());
    }
    if (kept == null) {
      StepRows.insert(connection, cipher, job, now);
    } else if (!now.equals(kept)) {
      StepRows.update(connection, cipher, job, now);
    }
    return new Answer.Kept(now);
  }

  private boolean isCurrent(Connection connection, AttemptId attempt) throws SQLException {
    String sql = LOCK + database.dialect().forUpdate();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, attempt.job().bytes());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            && JobState.ofCode(row.getInt(1)).active()
            && row.getInt(2) == attempt.number();
      }
    }
  }

  /** Why the job cannot have another step; null = it can. */
  private static Answer.@Nullable Full full(Connection connection, JobId job, int size)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setBytes(1, job.bytes());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        if (row.getInt(1) >= MOST) {
          return Answer.Full.ofCount();
        }
        return size > 0 && row.getLong(2) + size > MOST_BYTES ? Answer.Full.ofBytes() : null;
      }
    }
  }

  /** One that cannot be opened here must stay where it is. */
  private @Nullable Come come(Connection connection, JobId job, String signal) throws SQLException {
    Come come = signals.first(connection, job, signal);
    if (come != null && come.isSealed()) {
      throw new UnavailableException(
          "key", "a signal of job " + job + " is encrypted with a key that is unusable here");
    }
    return come;
  }

  @Override
  public List<JobStep> steps(JobId job) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT_ALL)
                .bind("job", job.bytes())
                .map((row, _) -> StepRows.read(row, cipher, job))
                .list());
  }
}
