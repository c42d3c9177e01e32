package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.JobSignals.Signal;
import io.quikqueue.domain.port.WorkflowSignals;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.WorkflowState;
import io.quikqueue.sql.SideRows.Step;
import io.quikqueue.sql.SignalRows.Come;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signals of workflows, in the table {@code job_signals} under the ids of the workflows. */
final class SqlWorkflowSignals implements WorkflowSignals {

  private record Kept(Sent sent, boolean unfinished, List<WorkflowView> over) {}

  private final Database database;
  private final WorkflowRows rows;
  private final WorkflowNodes nodes;
  private final WaitNodes waits;
  private final SignalRows signals;
  private final SaveRows save;

  SqlWorkflowSignals(Database database, SaveRows save) {
    this.database = database;
    this.rows = new WorkflowRows(database.dialect());
    this.nodes = new WorkflowNodes(database.dialect());
    this.waits = new WaitNodes(database.dialect());
    this.signals = new SignalRows(database.dialect());
    this.save = save;
  }

  @Override
  public Sent send(WorkflowId workflow, Signal signal) {
    Kept kept =
        database.write((handle, commit) -> send(handle.getConnection(), commit, workflow, signal));
    save.tell(kept.over());
    if (!kept.unfinished() || !(kept.sent() instanceof Sent.Accepted accepted)) {
      return kept.sent();
    }
    List<Job> ready = new ArrayList<>(accepted.ready());
    ready.addAll(save.proceed(workflow));
    return new Sent.Accepted(accepted.taken(), ready);
  }

  private Kept send(Connection connection, Commit commit, WorkflowId workflow, Signal signal)
      throws SQLException {
    WorkflowRows.Flows flows = rows.lock(connection, List.of(workflow));
    Sent refused = refuse(connection, flows, workflow, signal);
    if (refused != null) {
      return new Kept(refused, false, List.of());
    }
    signals.insert(connection, signal);
    byte[] waiting = waits.waitingFor(connection, workflow, signal.name());
    Job job = waiting == null ? null : job(connection, JobId.of(waiting));
    Come come = job == null ? null : signals.first(connection, signal.job(), signal.name());
    if (job == null || come == null || come.isSealed() || job.awaitedSignal() == null) {
      return new Kept(new Sent.Accepted(false, List.of()), false, List.of());
    }
    SignalRows.take(connection, signal.job(), signal.name(), come.key());
    Instant at = signal.at().isAfter(job.updatedAt()) ? signal.at() : job.updatedAt();
    Step end = new Step(job.signalled(come.payload(), at), job);
    List<Job> ready = save.ended(connection, commit, flows, List.of(end));
    return new Kept(new Sent.Accepted(true, ready), !flows.unfinished().isEmpty(), flows.over());
  }

  private static @Nullable Sent refuse(
      Connection connection, WorkflowRows.Flows flows, WorkflowId workflow, Signal signal)
      throws SQLException {
    if (!flows.has(workflow)) {
      return new Sent.UnknownWorkflow();
    }
    switch (SignalRows.before(connection, signal)) {
      case THE_SAME -> {
        return new Sent.Repeated();
      }
      case ANOTHER -> {
        return new Sent.KeyReused();
      }
      case NOTHING -> {}
    }
    WorkflowState state = flows.get(workflow).progress().state();
    if (state != WorkflowState.RUNNING) {
      return new Sent.Over(state);
    }
    String problem = SignalRows.problem(connection, signal, "workflow");
    return problem == null ? null : new Sent.Full(problem);
  }

  private @Nullable Job job(Connection connection, JobId id) throws SQLException {
    return nodes.jobs(connection, List.of(id)).get(id);
  }
}
