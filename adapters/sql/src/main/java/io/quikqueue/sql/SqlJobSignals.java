package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobSignals;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The table {@code job_signals}, whose rows are written under a lock on their job. */
final class SqlJobSignals implements JobSignals {

  private static final String LOCK = "SELECT state, attempt FROM jobs WHERE id = ? ";
  private static final String SELECT_KEY =
      "SELECT fingerprint FROM job_signals WHERE job_id = ? AND name = ? AND signal_key = ?";
  private static final String COUNT =
      "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM job_signals WHERE job_id = ?";
  private static final String INSERT =
      """
      INSERT INTO job_signals (job_id, name, signal_key, fingerprint, sent_at, taken, payload, size)
      VALUES (?, ?, ?, ?, ?, 0, ?, ?)\
      """;

  /** Asked for by the attempt before the one that it is to be woken for. */
  private static final String SELECT_WAIT =
      """
      SELECT 1 FROM job_steps WHERE job_id = ? AND kind = 3 AND status = 1 AND signal_name = ?
        AND attempt = ?\
      """;

  private record Now(JobState state, int attempt) {}

  private final Database database;
  private final SaveRows save;

  SqlJobSignals(Database database, boolean outbox, CallbackJobs callbacks) {
    SideRows side = new SideRows(database.dialect(), outbox);
    this.database = database;
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
    Sent before = sentBefore(connection, signal, now);
    if (before != null) {
      return before;
    }
    if (now.state().terminal()) {
      return new Sent.Over(now.state());
    }
    String problem = problem(connection, signal);
    if (problem != null) {
      return new Sent.Full(problem);
    }
    insert(connection, signal);
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

  /** What to answer when one came under its key before; null = none did. */
  private static @Nullable Sent sentBefore(Connection connection, Signal signal, Now now)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT_KEY)) {
      statement.setBytes(1, signal.job().bytes());
      statement.setBytes(2, Utf8.of(signal.name()));
      statement.setBytes(3, Utf8.of(signal.key()));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        byte[] first = row.getBytes(1);
        return signal.isSameAs(first == null ? null : HexFormat.of().formatHex(first))
            ? new Sent.Repeated(now.state())
            : new Sent.KeyReused();
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

  private static @Nullable String problem(Connection connection, Signal signal)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setBytes(1, signal.job().bytes());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        if (row.getInt(1) >= MOST) {
          return "the job has had " + MOST + " signals already";
        }
        return row.getLong(2) + Utf8.of(signal.payload()).length > MOST_BYTES
            ? "the signals of the job would have more than " + MOST_BYTES + " bytes"
            : null;
      }
    }
  }

  private void insert(Connection connection, Signal signal) throws SQLException {
    int size = Utf8.of(signal.payload()).length;
    FieldCipher cipher = database.dialect().cipher();
    byte[] payload = Utf8.of(cipher.seal(signal.job(), FieldCipher.Field.SIGNAL, signal.payload()));
    String fingerprint = signal.fingerprint();
    byte[] hash = fingerprint == null ? null : HexFormat.of().parseHex(fingerprint);
    MultiRow.executeEach(
        connection,
        INSERT,
        List.of(signal),
        (to, at, each) -> {
          to.setBytes(at + 1, each.job().bytes());
          to.setBytes(at + 2, Utf8.of(each.name()));
          to.setBytes(at + 3, Utf8.of(each.key()));
          to.setBytes(at + 4, hash);
          to.setLong(at + 5, Micros.of(each.at()));
          to.setBytes(at + 6, payload);
          to.setInt(at + 7, size);
        });
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
