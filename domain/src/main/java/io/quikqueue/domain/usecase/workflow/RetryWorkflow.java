package io.quikqueue.domain.usecase.workflow;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.port.Workflows.Retried;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.submit.Admission;
import io.quikqueue.domain.usecase.workflow.NodesAgain.NotPossibleException;
import io.quikqueue.domain.workflow.Graph;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.Rerun;
import io.quikqueue.domain.workflow.RetryRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs nodes of a workflow again that has ended: a new generation, in which they have new jobs. The
 * jobs of the generations before stay as they are. Safe for use by several threads; few retries are
 * made at once, as each has all payloads in memory.
 */
public final class RetryWorkflow {

  private static final int AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 10;

  /** Jobs that are announced at once. */
  private static final int ANNOUNCED = 500;

  /** What came of a retry. */
  public sealed interface Result {

    /** It is durable. */
    record Begun(WorkflowView workflow) implements Result {}

    /** The key retried this workflow before. */
    record Replayed(WorkflowView workflow) implements Result {}

    /** The key was used for a different retry of this workflow. */
    record KeyReused() implements Result {}

    /** There is no such workflow. */
    record Unknown() implements Result {}

    /** Nodes of it have not ended. */
    record NotEnded(WorkflowView workflow) implements Result {}

    /** It cannot be retried, for what the text says. */
    record NotPossible(WorkflowView workflow, String why) implements Result {}

    /** More would wait in a queue than may. */
    record Full(SubmitResult.Full queue) implements Result {}

    /** The store cannot hold it. */
    record Refused(String reason) implements Result {}
  }

  private final Workflows store;
  private final JobStore jobs;
  private final Admission admission;
  private final JobListener listener;
  private final InstantSource clock;
  private final NodesAgain nodes;
  private final Meter meter;
  private final Semaphore turn = new Semaphore(AT_ONCE, true);

  /**
   * @param listener hears of the jobs that are ready
   * @param clock the store's clock
   * @param policies those in force
   * @param limits those in force
   * @param redaction puts secrets back where a new payload has their masks
   */
  public RetryWorkflow(
      Workflows store,
      JobStore jobs,
      Admission admission,
      JobListener listener,
      InstantSource clock,
      JobIds ids,
      Supplier<PolicyTable> policies,
      Supplier<LimitTable> limits,
      Redaction redaction,
      Meter meter) {
    this.store = store;
    this.jobs = jobs;
    this.admission = admission;
    this.listener = listener;
    this.clock = clock;
    this.nodes = new NodesAgain(jobs, admission, ids, policies, limits, redaction);
    this.meter = meter;
  }

  /**
   * Begins a new generation of a workflow; it is durable when this returns so.
   *
   * @throws InvalidWorkflowException when the request names what is not there, or a payload cannot
   *     be, with fields as {@code from.0} and {@code payloads.NAME}
   * @throws UnavailableException when the store cannot be reached; whether it was stored is unknown
   * @throws OverloadedException when other retries took all the time for ten seconds
   */
  public Result retry(
      Caller caller, WorkflowId id, RetryRequest asked, @Nullable IdempotencyKey key) {
    try {
      if (!turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new OverloadedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException();
    }
    try {
      for (int race = 0; race < 5; race++) {
        Result result = attempt(caller, id, asked, caller.own(key), race == 0);
        if (result != null) {
          return result;
        }
      }
    } finally {
      turn.release();
    }
    throw new UnavailableException("store", "the same workflow is being changed by others");
  }

  /**
   * Null = the workflow has changed meanwhile.
   *
   * @param isFirst only the first try takes of the caller's quota
   */
  private @Nullable Result attempt(
      Caller caller,
      WorkflowId id,
      RetryRequest asked,
      @Nullable IdempotencyKey key,
      boolean isFirst) {
    WorkflowView view = store.find(id).orElse(null);
    if (view == null) {
      return new Result.Unknown();
    }
    Optional<Retried> before = key == null ? Optional.empty() : store.retried(id, key);
    if (before.isPresent()) {
      return result(before.get());
    }
    if (!view.progress().state().terminal()) {
      return new Result.NotEnded(view);
    }
    if (view.generation() >= NewGeneration.MOST) {
      return new Result.NotPossible(view, "it has as many generations as one may have");
    }
    EndedNodes ended = EndedNodes.of(store, view);
    if (ended == null) {
      return null;
    }
    RetryRequest whole = nodes.restored(ended, asked);
    Graph graph = ended.graph(whole, jobs);
    Rerun rerun = Rerun.of(graph, ended.ends(), whole);
    if (rerun.nodes().isEmpty()) {
      return new Result.NotPossible(view, "no node of it is to run again");
    }
    NodesAgain.Made again = nodes.begin(caller, ended, whole, graph, rerun, clock.instant());
    boolean committed = false;
    try {
      again.make(new SecretsOfRetry(admission, jobs).leaks(ended, graph, rerun, whole));
      if (!again.wrongs().isEmpty()) {
        throw new InvalidWorkflowException(again.wrongs());
      }
      if (isFirst) {
        caller.allowance().take(again.nodes().size());
      }
      Retried stored =
          store.retry(
              new NewGeneration(
                  id,
                  view.generation(),
                  again.nodes(),
                  again.retired(),
                  again.progress(),
                  caller.id(),
                  clock.instant(),
                  key));
      if (stored instanceof Retried.Stored(_, List<Job> ready)) {
        committed = true;
        tell(again.nodes(), ready);
      }
      return result(stored);
    } catch (NotPossibleException e) {
      return new Result.NotPossible(view, String.valueOf(e.getMessage()));
    } finally {
      again.settle(committed);
    }
  }

  private static @Nullable Result result(Retried retried) {
    return switch (retried) {
      case Retried.Stored(WorkflowView workflow, _) -> new Result.Begun(workflow);
      case Retried.Replayed(WorkflowView workflow) -> new Result.Replayed(workflow);
      case Retried.KeyReused() -> new Result.KeyReused();
      case Retried.Outdated() -> null;
      case Retried.Full(SubmitResult.Full queue) -> new Result.Full(queue);
      case Retried.Refused(String reason) -> new Result.Refused(reason);
    };
  }

  private void tell(List<NewGeneration.Node> again, List<Job> ready) {
    Map<String, Integer> accepted = new HashMap<>();
    again.forEach(each -> accepted.merge(each.job().spec().queue(), 1, Integer::sum));
    accepted.forEach(meter::submitted);
    for (int from = 0; from < ready.size(); from += ANNOUNCED) {
      listener.ready(ready.subList(from, Math.min(from + ANNOUNCED, ready.size())));
    }
  }
}
