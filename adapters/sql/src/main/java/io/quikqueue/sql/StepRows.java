package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.FieldCipher.Field;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobStep.Kind;
import io.quikqueue.domain.port.JobStep.Status;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code job_steps}, and what becomes of them with a job. Kinds: 1 = result, 2 = sleep,
 * 3 = wait for a signal. States: 1 = pending, 2 = done, 3 = timed out.
 */
final class StepRows {

  /** The columns that {@link #read} reads. */
  static final String COLUMNS =
      "name, kind, status, attempt, began_at, until_at, signal_name, value";

  private static final String SELECT_ONE =
      "SELECT " + COLUMNS + " FROM job_steps WHERE job_id = ? AND name = ?";
  private static final String INSERT =
      """
      INSERT INTO job_steps (job_id, name, kind, status, attempt, began_at, until_at, signal_name,
        value, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String UPDATE =
      """
      UPDATE job_steps SET status = ?, attempt = ?, value = ?, size = ?
      WHERE job_id = ? AND name = ?\
      """;

  /** Waits for signals that have come, with the attempt that asked for them last. */
  private static final String SELECT_SIGNALLED =
      """
      SELECT s.job_id, s.attempt FROM job_steps s WHERE s.job_id IN (%s) AND s.kind = 3
        AND s.status = 1 AND EXISTS (SELECT 1 FROM job_signals g
          WHERE g.job_id = s.job_id AND g.name = s.signal_name AND g.taken = 0)\
      """;

  private static final String DUE_AT = "UPDATE jobs SET due_at = ? WHERE id = ?";

  private static final String GO_ON_WAITING =
      """
      UPDATE job_steps SET attempt = ? WHERE job_id = ? AND kind = 3 AND status = 1 AND attempt = ?\
      """;

  private StepRows() {}

  static JobStep read(ResultSet row, FieldCipher cipher, JobId job) throws SQLException {
    String value = JobTexts.readBytes(row, 8);
    return new JobStep(
        String.valueOf(JobTexts.readBytes(row, 1)),
        Kind.values()[row.getInt(2) - 1],
        Status.values()[row.getInt(3) - 1],
        row.getInt(4),
        Micros.toInstant(row.getLong(5)),
        Micros.read(row, 6),
        JobTexts.readBytes(row, 7),
        value == null ? null : cipher.open(job, Field.STEP, value));
  }

  static @Nullable JobStep find(Connection connection, FieldCipher cipher, JobId job, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_ONE)) {
      statement.setBytes(1, job.bytes());
      statement.setBytes(2, Utf8.of(name));
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? read(row, cipher, job) : null;
      }
    }
  }

  static void insert(Connection connection, FieldCipher cipher, JobId job, JobStep step)
      throws SQLException {
    MultiRow.executeEach(
        connection,
        INSERT,
        List.of(step),
        (to, at, each) -> {
          to.setBytes(at + 1, job.bytes());
          to.setBytes(at + 2, Utf8.of(each.name()));
          to.setInt(at + 3, each.kind().ordinal() + 1);
          to.setInt(at + 4, each.status().ordinal() + 1);
          to.setInt(at + 5, each.attempt());
          to.setLong(at + 6, Micros.of(each.at()));
          to.setObject(at + 7, Micros.orNull(each.until()));
          to.setBytes(at + 8, Utf8.orNull(each.signal()));
          to.setBytes(at + 9, Utf8.orNull(sealed(cipher, job, each)));
          to.setInt(at + 10, size(each));
        });
  }

  static void update(Connection connection, FieldCipher cipher, JobId job, JobStep step)
      throws SQLException {
    MultiRow.executeEach(
        connection,
        UPDATE,
        List.of(step),
        (to, at, each) -> {
          to.setInt(at + 1, each.status().ordinal() + 1);
          to.setInt(at + 2, each.attempt());
          to.setBytes(at + 3, Utf8.orNull(sealed(cipher, job, each)));
          to.setInt(at + 4, size(each));
          to.setBytes(at + 5, job.bytes());
          to.setBytes(at + 6, Utf8.of(each.name()));
        });
  }

  private static @Nullable String sealed(FieldCipher cipher, JobId job, JobStep step) {
    String value = step.value();
    return value == null ? null : cipher.seal(job, Field.STEP, value);
  }

  /** Bytes of its value, as it is without encryption. */
  static int size(JobStep step) {
    return step.value() == null ? 0 : Utf8.of(step.value()).length;
  }

  /**
   * Forgets what jobs did that start anew, and what they were told, which may be before they ran.
   * Lets those that are moved wait on for their signals.
   */
  static void changed(Connection connection, Dialect dialect, List<Step> steps)
      throws SQLException {
    List<JobId> anew = new ArrayList<>(0);
    List<JobId> ran = new ArrayList<>(0);
    for (Step step : steps) {
      if (step.change().startedAnew()) {
        anew.add(step.before().id());
        if (mayHaveRun(step)) {
          ran.add(step.before().id());
        }
      }
    }
    MultiRow.executeEach(
        connection,
        GO_ON_WAITING,
        steps.stream().filter(StepRows::movesASleeper).toList(),
        (to, at, step) -> {
          to.setInt(at + 1, step.change().after().attempt() - 1);
          to.setBytes(at + 2, step.before().id().bytes());
          to.setInt(at + 3, step.before().attempt() - 1);
        });
    if (!ran.isEmpty()) {
      Ids.update(connection, dialect.deleteByKey("job_steps") + " WHERE job_id IN (%s)", ran);
    }
    if (!anew.isEmpty()) {
      Ids.update(connection, dialect.deleteByKey("job_signals") + " WHERE job_id IN (%s)", anew);
    }
  }

  /** One that waits for a signal is to be woken by it also at its next attempt. */
  private static boolean movesASleeper(Step step) {
    return step.before().state() == JobState.SCHEDULED
        && step.before().attempt() > 1
        && step.change().moved();
  }

  private static boolean mayHaveRun(Step step) {
    return step.before().state().active()
        || step.before().attempt() > 1
        || step.before().startedAt() != null;
  }

  /**
   * Makes those due at once that go to sleep for a signal which has come; their rows are locked, so
   * that whoever sends one from now on finds them asleep.
   */
  static List<Step> wakeSignalled(Connection connection, List<Step> steps) throws SQLException {
    Map<JobId, Integer> suspended = new HashMap<>(0);
    for (Step step : steps) {
      if (step.change().suspended()) {
        suspended.put(step.before().id(), step.change().before().attempt());
      }
    }
    if (suspended.isEmpty()) {
      return steps;
    }
    Set<JobId> signalled = new HashSet<>();
    Ids.query(
        connection,
        SELECT_SIGNALLED,
        Ids.sorted(suspended.keySet()),
        row -> {
          JobId job = JobId.of(row.getBytes(1));
          if (Integer.valueOf(row.getInt(2)).equals(suspended.get(job))) {
            signalled.add(job);
          }
        });
    if (signalled.isEmpty()) {
      return steps;
    }
    List<Step> woken =
        steps.stream()
            .map(
                step ->
                    step.change().suspended() && signalled.contains(step.before().id())
                        ? new Step(step.change().dueAtOnce(), step.before())
                        : step)
            .toList();
    MultiRow.executeEach(
        connection,
        DUE_AT,
        woken.stream().filter(step -> signalled.contains(step.before().id())).toList(),
        (to, at, step) -> {
          Instant due = step.change().after().updatedAt();
          to.setLong(at + 1, Micros.of(due));
          to.setBytes(at + 2, step.before().id().bytes());
        });
    return woken;
  }
}
