package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobStep.Status;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.UnavailableException;
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

  private static final String SELECT_SIGNAL =
      """
      SELECT signal_key, payload FROM job_signals WHERE job_id = ? AND name = ? AND taken = 0
      ORDER BY sent_at, signal_key LIMIT 1\
      """;

  /** Its size stays: the payload is with the job still, in the step that took it. */
  private static final String TAKE =
      """
      UPDATE job_signals SET taken = 1, payload = NULL
      WHERE job_id = ? AND name = ? AND signal_key = ?\
      """;

  private record Come(byte[] key, String payload) {}

  private final Database database;
  private final FieldCipher cipher;

  SqlJobSteps(Database database) {
    this.database = database;
    this.cipher = database.dialect().cipher();
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
      take(connection, job, signal, come);
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

  private @Nullable Come come(Connection connection, JobId job, String signal) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_SIGNAL)) {
      statement.setBytes(1, job.bytes());
      statement.setBytes(2, Utf8.of(signal));
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Come(row.getBytes(1), opened(job, String.valueOf(JobTexts.readBytes(row, 2))))
            : null;
      }
    }
  }

  /** One that cannot be opened here must stay where it is, bound to its place. */
  private String opened(JobId job, String stored) {
    String payload = cipher.open(job, FieldCipher.Field.SIGNAL, stored);
    if (SealedText.isSealed(payload)) {
      throw new UnavailableException(
          "key", "a signal of job " + job + " is encrypted with a key that is unusable here");
    }
    return payload;
  }

  private static void take(Connection connection, JobId job, String signal, Come come)
      throws SQLException {
    MultiRow.executeEach(
        connection,
        TAKE,
        List.of(come),
        (to, at, each) -> {
          to.setBytes(at + 1, job.bytes());
          to.setBytes(at + 2, Utf8.of(signal));
          to.setBytes(at + 3, each.key());
        });
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
