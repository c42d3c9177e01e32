package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.sql.SideRows.Step;
import io.quikqueue.sql.SignalRows.Come;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code workflow_waits}: the nodes that wait for a signal at this moment. Whoever uses
 * it has locked the row of the workflow, and so has who sends it a signal: one of them meets the
 * other.
 */
final class WaitNodes {

  private static final Logger log = LoggerFactory.getLogger(WaitNodes.class);

  private static final String INSERT = "INSERT INTO workflow_waits (workflow_id, name, idx) VALUES";
  private static final String DELETE =
      "DELETE FROM workflow_waits WHERE workflow_id = ? AND name = ? AND idx = ?";
  private static final String SELECT_FIRST =
      """
      SELECT n.job_id FROM workflow_waits w JOIN workflow_nodes n
        ON n.workflow_id = w.workflow_id AND n.idx = w.idx
      WHERE w.workflow_id = ? AND w.name = ? AND n.state = 0 ORDER BY w.idx LIMIT 1\
      """;

  private record Wait(NodeRef node, String signal) {}

  private final Dialect dialect;
  private final SignalRows signals;

  WaitNodes(Dialect dialect) {
    this.dialect = dialect;
    this.signals = new SignalRows(dialect);
  }

  /** Those of these jobs that wait for a signal do so from now on. */
  void begin(Connection connection, Collection<Job> jobs) throws SQLException {
    List<Wait> waits = new ArrayList<>(0);
    for (Job job : jobs) {
      wait(job).ifPresent(waits::add);
    }
    if (!waits.isEmpty()) {
      dialect.insert(
          connection,
          INSERT,
          3,
          dialect.keepExisting("idx"),
          waits,
          _ -> 0,
          (to, at, wait) -> {
            to.setBytes(at + 1, wait.node().workflow().bytes());
            to.setBytes(at + 2, Utf8.of(wait.signal()));
            to.setInt(at + 3, wait.node().index());
          });
    }
  }

  /** Those that waited for a signal, of the jobs before steps that end them, do so no more. */
  void over(Connection connection, Collection<Step> ends) throws SQLException {
    List<Wait> waits = new ArrayList<>(0);
    for (Step end : ends) {
      wait(end.before()).ifPresent(waits::add);
    }
    MultiRow.executeEach(
        connection,
        DELETE,
        waits,
        (to, _, wait) -> {
          to.setBytes(1, wait.node().workflow().bytes());
          to.setBytes(2, Utf8.of(wait.signal()));
          to.setInt(3, wait.node().index());
        });
  }

  private static Optional<Wait> wait(Job job) {
    String signal = job.awaitedSignal();
    NodeRef node = job.spec().node();
    return signal == null || node == null ? Optional.empty() : Optional.of(new Wait(node, signal));
  }

  /** The job of a node that waits for a signal; null = there is none. */
  byte @Nullable [] waitingFor(Connection connection, WorkflowId workflow, String signal)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT_FIRST)) {
      select.setBytes(1, workflow.bytes());
      select.setBytes(2, Utf8.of(signal));
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getBytes(1) : null;
      }
    }
  }

  /** Of a workflow that is deleted, or of a generation that another one follows. */
  void forgetSignals(Connection connection, WorkflowId workflow) throws SQLException {
    Ids.update(
        connection,
        dialect.deleteByKey("job_signals") + " WHERE job_id IN (%s)",
        List.of(workflow.value()));
  }

  /** Takes the signal that came early for a node which begins to wait; null = none did. */
  @Nullable String take(Connection connection, WorkflowId workflow, String signal)
      throws SQLException {
    Come come = signals.first(connection, workflow.value(), signal);
    if (come == null) {
      return null;
    }
    if (come.isSealed()) { // to stop here would stop the end of the node before it
      log.error("event=signal_sealed workflow_id={} signal={}", workflow, signal);
      return null;
    }
    SignalRows.take(connection, workflow.value(), signal, come.key());
    return come.payload();
  }
}
