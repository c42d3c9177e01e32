package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows beside {@code jobs} that a transaction on jobs writes: outbox, timers, attempts. */
final class SideRows {

  private static final String INSERT_OUTBOX =
      "INSERT INTO outbox (job_id, attempt, created_at) VALUES";
  private static final String INSERT_TIMERS = "INSERT INTO timers (due_at, job_id) VALUES";
  private static final String INSERT_ATTEMPTS =
      """
      INSERT INTO attempts
        (job_id, number, outcome, started_at, ended_at, worker, error, error_class, trace, generation)
      VALUES\
      """;

  record Timer(Instant due, JobId job) {}

  /**
   * A change that took effect.
   *
   * @param before the job it met, whose state may be another active one than the change knew
   */
  record Step(Transition change, Job before) {

    static Step at(Transition change, JobState state) {
      return new Step(change, at(change.before(), state));
    }

    /** The job that a change met: QUEUED where it knew RUNNING, or the other way round. */
    private static Job at(Job known, JobState state) {
      return known.state() == state ? known : known.toBuilder().state(state).build();
    }
  }

  private record Attempt(JobId job, AttemptRecord record) {}

  private final Dialect dialect;
  private final boolean outbox;
  private final DeadRows dead;

  SideRows(Dialect dialect, boolean outbox) {
    this.dialect = dialect;
    this.outbox = outbox;
    this.dead = new DeadRows(dialect);
  }

  /** Writes what new jobs, in ascending order of their ids, bring along. */
  void submitted(Commit commit, List<Job> jobs) throws SQLException {
    QueueCounts counts = new QueueCounts();
    WaitingCounts waiting = new WaitingCounts();
    List<Job> announced = new ArrayList<>();
    List<Timer> timers = new ArrayList<>();
    for (Job job : jobs) {
      counts.submitted(job);
      waiting.submitted(job);
      if (job.state() == JobState.QUEUED) {
        announced.add(job);
      }
      Instant timer = job.timer();
      if (timer != null) {
        timers.add(new Timer(timer, job.id()));
      }
    }
    announce(commit, announced);
    insertTimers(commit, timers);
    waiting.write(commit, dialect);
    counts.write(commit, dialect);
  }

  /** Writes what changes of jobs, in ascending order of their ids, bring along. */
  void changed(Connection connection, Commit commit, List<Step> steps) throws SQLException {
    changed(connection, commit, steps, List.of());
  }

  /**
   * Likewise.
   *
   * @param made new jobs, QUEUED, that the changes brought about
   */
  void changed(Connection connection, Commit commit, List<Step> steps, List<Job> made)
      throws SQLException {
    QueueCounts counts = new QueueCounts();
    WaitingCounts waiting = new WaitingCounts();
    List<Job> announced = new ArrayList<>(made);
    made.forEach(counts::submitted);
    List<Timer> gone = new ArrayList<>();
    List<Timer> timers = new ArrayList<>();
    List<Attempt> attempts = new ArrayList<>();
    for (Step step : steps) {
      Transition change = step.change();
      counts.changed(step.before(), change.after());
      waiting.changed(step.before(), change.after());
      if (change.madeReady()) {
        announced.add(change.after());
      }
      Instant before = step.before().timer();
      Instant after = change.after().timer();
      if (!Objects.equals(before, after)) {
        if (before != null) {
          gone.add(new Timer(before, change.before().id()));
        }
        if (after != null) {
          timers.add(new Timer(after, change.after().id()));
        }
      }
      AttemptRecord ended = change.ended();
      if (ended != null && !AttemptRows.shownByJob(change, ended)) {
        attempts.add(new Attempt(change.after().id(), ended));
      }
    }
    dialect.deleteTimers(connection, gone);
    insertAttempts(connection, attempts);
    announce(commit, announced);
    insertTimers(commit, timers);
    dead.changed(connection, commit, steps);
    StepRows.changed(connection, dialect, steps);
    if (outbox) {
      SqlDeadOutbox.write(connection, dialect, steps);
    }
    waiting.write(commit, dialect);
    counts.write(commit, dialect);
  }

  private void announce(Commit commit, List<Job> jobs) throws SQLException {
    if (!outbox) {
      return;
    }
    commit.insert(
        INSERT_OUTBOX,
        3,
        dialect.keepExisting("attempt"),
        jobs,
        (statement, at, job) -> {
          statement.setBytes(at + 1, job.id().bytes());
          statement.setInt(at + 2, job.attempt());
          statement.setLong(at + 3, Micros.of(job.updatedAt()));
        });
  }

  private void insertTimers(Commit commit, List<Timer> timers) throws SQLException {
    commit.insert(INSERT_TIMERS, 2, dialect.keepExisting("due_at"), timers, SideRows::bind);
  }

  /** Binds a row of the table {@code timers}. */
  static void bind(PreparedStatement statement, int at, Timer timer) throws SQLException {
    statement.setLong(at + 1, Micros.of(timer.due()));
    statement.setBytes(at + 2, timer.job().bytes());
  }

  private void insertAttempts(Connection connection, List<Attempt> attempts) throws SQLException {
    dialect.insert(
        connection,
        INSERT_ATTEMPTS,
        10,
        dialect.keepExisting("number"),
        attempts,
        attempt -> length(attempt.record().error()) + length(attempt.record().trace()),
        (statement, at, attempt) -> {
          AttemptRecord record = attempt.record();
          statement.setBytes(at + 1, attempt.job().bytes());
          statement.setInt(at + 2, record.number());
          statement.setInt(at + 3, AttemptRows.code(record.outcome()));
          statement.setObject(at + 4, Micros.orNull(record.startedAt()));
          statement.setLong(at + 5, Micros.of(record.endedAt()));
          statement.setString(at + 6, record.worker());
          statement.setString(at + 7, record.error());
          statement.setString(at + 8, record.errorClass());
          statement.setString(at + 9, record.trace());
          statement.setObject(at + 10, JobTexts.generation(record.generation()));
        });
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
