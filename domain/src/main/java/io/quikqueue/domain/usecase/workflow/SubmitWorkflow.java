package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.access.Reach;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.port.Workflows.Submitted;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.WorkflowSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes workflows durable: all of one, in one transaction, or nothing. */
public final class SubmitWorkflow {

  private static final int MOST_WRONGS = 20;

  /** Jobs that are announced at once. */
  private static final int ANNOUNCED = 500;

  private final Workflows store;
  private final Admission admission;
  private final JobListener listener;
  private final InstantSource clock;
  private final JobIds ids;
  private final Supplier<PolicyTable> policies;
  private final Supplier<LimitTable> limits;
  private final Meter meter;

  /**
   * @param listener hears of the jobs that are ready
   * @param clock the store's clock
   * @param policies those in force
   * @param limits those in force
   */
  public SubmitWorkflow(
      Workflows store,
      Admission admission,
      JobListener listener,
      InstantSource clock,
      JobIds ids,
      Supplier<PolicyTable> policies,
      Supplier<LimitTable> limits,
      Meter meter) {
    this.store = store;
    this.admission = admission;
    this.listener = listener;
    this.clock = clock;
    this.ids = ids;
    this.policies = policies;
    this.limits = limits;
    this.meter = meter;
  }

  /**
   * Stores a workflow; it is durable when this returns.
   *
   * @throws OutOfScopeException when a node would reach beyond the scope of the caller, or who has
   *     seen it could not be told later
   * @throws InvalidWorkflowException when it cannot be, or one of its nodes is not admitted
   * @throws io.quikqueue.domain.access.QuotaExceededException when it is beyond the caller's quota
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; whether
   *     it was stored is unknown
   */
  public Submitted submit(Caller caller, WorkflowSpec spec, @Nullable IdempotencyKey key) {
    Graph graph = Graph.of(spec);
    WorkflowId id = new WorkflowId(ids.next());
    Instant now = clock.instant();
    LimitTable table = limits.get();
    PolicyTable policy = policies.get();
    List<Admission.Entry> entries = new ArrayList<>();
    List<Submission> jobs = new ArrayList<>(graph.size());
    boolean committed = false;
    try {
      List<Wrong> wrongs = new ArrayList<>(admission.leaks(spec));
      for (int i = 0; i < graph.size() && wrongs.size() < MOST_WRONGS; i++) {
        NodeSpec node = spec.nodes().get(i);
        NodeRef ref = node.ref(id, i, graph.refers(i));
        JobSpec asked = node.job().toBuilder().node(ref).build();
        boolean waits = !graph.needs(i).isEmpty();
        if (node.waitsFor() != null) { // never waits in a queue
          Job job = Job.submit(ids.next(), asked, node.runAt(), waits, now).job();
          jobs.add(new Submission(job, null, now));
          continue;
        }
        admit(caller, asked, i, entries, wrongs);
        MaxWaiting waiting =
            MaxWaiting.of(table.ofQueue(asked.queue())).refusing().of(caller.allowance().waiting());
        JobSpec whole = waiting.counted(policy.complete(asked));
        Job job = Job.submit(ids.next(), whole, node.runAt(), waits, now).job();
        jobs.add(new Submission(job, null, now, waiting));
      }
      if (!wrongs.isEmpty()) {
        throw new InvalidWorkflowException(wrongs);
      }
      NewWorkflow made = new NewWorkflow(id, graph, jobs, null, now, caller.own(key));
      requireTold(caller, made.reach());
      caller.allowance().take(jobs.size());
      Submitted stored = store.submit(made);
      if (stored instanceof Submitted.Stored(_, List<Job> ready)) {
        committed = true;
        meter.workflowSubmitted();
        tell(jobs, ready);
      }
      return stored;
    } finally {
      boolean done = committed;
      entries.forEach(entry -> entry.settle(done));
    }
  }

  /** Whose scope it is in must be known, or who made it could not see it. */
  private static void requireTold(Caller caller, @Nullable Reach reach) {
    if (caller.scope().isAll()) {
      return;
    }
    if (reach == null) {
      throw new OutOfScopeException(
          "nodes", "are of more than %d queues and types".formatted(Reach.MOST));
    }
    if (reach.kinds().isEmpty()) {
      throw new OutOfScopeException("nodes", "must have a job, beside those that wait");
    }
  }

  private void admit(
      Caller caller, JobSpec spec, int node, List<Admission.Entry> entries, List<Wrong> wrongs) {
    try {
      entries.add(admission.admit(caller, spec));
    } catch (OutOfScopeException e) {
      throw new OutOfScopeException("nodes." + node + "." + e.field(), e.problem());
    } catch (InvalidPayloadException e) {
      String inner = e.pointer().replace('/', '.');
      wrongs.add(new Wrong("nodes." + node + ".payload" + inner, e.problem()));
    } catch (InvalidFieldException e) {
      wrongs.add(new Wrong("nodes." + node + "." + e.field(), e.problem()));
    }
  }

  private void tell(List<Submission> jobs, List<Job> ready) {
    Map<String, Integer> accepted = new HashMap<>();
    jobs.forEach(each -> accepted.merge(each.job().spec().queue(), 1, Integer::sum));
    accepted.forEach(meter::submitted);
    for (int from = 0; from < ready.size(); from += ANNOUNCED) {
      listener.ready(ready.subList(from, Math.min(from + ANNOUNCED, ready.size())));
    }
  }
}
