package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The table {@code job_signals}, whose rows are written under a lock on their job. */
final class SqlJobSignals implements JobSignals {

  private static final String LOCK = "SELECT state, attempt FROM jobs WHERE id = ? ";

  /** Asked for by the attempt before the one that it is to be woken for. */
  private static final String SELECT_WAIT =
      """
      SELECT 1 FROM job_steps WHERE job_id = ? AND kind = 3 AND status = 1 AND signal_name = ?
        AND attempt = ?\
      """;

  private record Now(JobState state, int attempt) {}

  private final Database database;
  private final SaveRows save;
  private final SignalRows signals;

  SqlJobSignals(Database database, boolean outbox, CallbackJobs callbacks) {
    SideRows side = new SideRows(database.dialect(), outbox);
    this.database = database;
    this.signals = new SignalRows(database.dialect());
    CallbackRows made = new CallbackRows(database.dialect(), callbacks);
    this.save = new SaveRows(database, side, new DependencyRows(database.dialect()), made);
  }

  @Override
  public Sent send(Signal signal, UnaryOperator<Transition> refresh) {
    return database.write(
        (handle, commit) -> send(handle.getConnection(), commit, signal, refresh));
  }

  private Sent send(
      Connection connection, Commit commit, Signal signal, UnaryOperator<Transition> refresh)
      throws SQLException {
    Now now = lock(connection, signal.job());
    if (now == null) {
      return new Sent.UnknownJob();
    }
    switch (SignalRows.before(connection, signal)) {
      case THE_SAME -> {
        return new Sent.Repeated(now.state());
      }
      case ANOTHER -> {
        return new Sent.KeyReused();
      }
      case NOTHING -> {}
    }
    if (now.state().terminal()) {
      return new Sent.Over(now.state());
    }
    String problem = SignalRows.problem(connection, signal, "job");
    if (problem != null) {
      return new Sent.Full(problem);
    }
    signals.insert(connection, signal);
    if (now.state() != JobState.SCHEDULED || !sleepsFor(connection, signal, now)) {
      return new Sent.Accepted(now.state(), List.of());
    }
    Job asleep = job(connection, signal.job());
    Instant at = signal.at().isAfter(asleep.updatedAt()) ? signal.at() : asleep.updatedAt();
    Step wake = new Step(refresh.apply(asleep.wake(at)), asleep);
    List<Job> ready = save.released(connection, commit, Map.of(), List.of(wake));
    return new Sent.Accepted(JobState.QUEUED, ready);
  }

  private @Nullable Now lock(Connection connection, JobId job) throws SQLException {
    String sql = LOCK + database.dialect().forUpdate();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, job.bytes());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Now(JobState.ofCode(row.getInt(1)), row.getInt(2)) : null;
      }
    }
  }

  private static boolean sleepsFor(Connection connection, Signal signal, Now now)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_WAIT)) {
      statement.setBytes(1, signal.job().bytes());
      statement.setBytes(2, Utf8.of(signal.name()));
      statement.setInt(3, now.attempt() - 1);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private Job job(Connection connection, JobId id) throws SQLException {
    List<Job> found = new ArrayList<>(1);
    Ids.query(
        connection,
        database.dialect().jobsById(),
        List.of(id),
        row -> found.add(JobColumns.read(row, database.dialect().cipher())));
    return found.getFirst();
  }
}
