package io.quikqueue.rest;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows.ShownNode;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.rest.CallerBound.Entry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/**
 * Shows a workflow. A request that waits for its end has no thread and is no request that is worked
 * on. It hears at once of an end that this process commits; for others it looks, more seldom the
 * longer it takes, until the workflow or the time is over, the client has gone, or the service
 * stops.
 */
final class WorkflowLookup {

  static final String PATH = WorkflowsResource.PATH + "/{id}";

  /** The generation that a request has waited for. */
  private static final String WAITED_FOR = WorkflowLookup.class.getName();

  private static final int USUAL_NODES = 100;
  private static final int MOST_NODES = 500;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
  private static final Executor LOOKS = Thread.ofVirtual().name("workflow-wait")::start;

  private final UseCases use;
  private final AnswerBudget answers;
  private final CallerBound waits;
  private final Duration longest;

  WorkflowLookup(UseCases use, AnswerBudget answers, CallerBound waits, RestConfig config) {
    this.use = use;
    this.answers = answers;
    this.waits = waits;
    this.longest = config.getMaxWait().toJavaDuration();
  }

  /** The answer; null = the request waits. */
  @Nullable Response find(HotRequest request) {
    HttpServletRequest in = request.in();
    QueryParameters query =
        new QueryParameters(in, Set.of("wait", "from", "limit", "generation"), Set.of());
    int generation = query.integer("generation", 1, NewGeneration.MOST, 0);
    int from = query.integer("from", 0, WorkflowSpec.MOST_NODES, 0);
    int limit = query.integer("limit", 1, MOST_NODES, USUAL_NODES);
    Duration wait = query.duration("wait", longest);
    WorkflowId id =
        new WorkflowId(
            JobLookup.id(UriComponent.decode(request.id(), UriComponent.Type.PATH_SEGMENT)));
    Caller caller = request.caller();
    Integer awaited =
        wait.isPositive() && LongPolls.canWait(in) ? awaited(caller, id, generation) : null;
    if (awaited != null) {
      Entry entry = waits.enter(caller.countedAs());
      if (entry == Entry.ADMITTED) {
        in.setAttribute(WAITED_FOR, awaited);
        suspend(request, id, awaited, wait);
        return null;
      }
      return RequestLimits.refuse(
          Problems.tooMany(entry, waits, "requests that wait for a workflow"));
    }
    int shown = in.getAttribute(WAITED_FOR) instanceof Integer waited ? waited : generation;
    return answers.pageWithin(
        in,
        caller,
        () -> {
          WorkflowView found = find(caller, id, shown);
          List<ShownNode> nodes =
              use.workflows().nodes(caller, id, found.generation(), from, limit);
          return Responses.ok(Json.bytes(json -> WorkflowWriter.write(json, found, nodes)));
        });
  }

  private WorkflowView find(Caller caller, WorkflowId id, int generation) {
    if (generation == 0) {
      return use.workflows().find(caller, id).orElseThrow(() -> WorkflowsResource.unknown(id));
    }
    return use.workflows()
        .find(caller, id, generation)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.of(
                        404,
                        "unknown-workflow",
                        "Unknown workflow",
                        "there is no generation " + generation + " of a workflow " + id)));
  }

  /**
   * The generation to wait for, which a retry does not change: who waits is told of its end. Null =
   * it has ended, or there is none.
   */
  private @Nullable Integer awaited(Caller caller, WorkflowId id, int generation) {
    return use.workflows()
        .find(caller, id)
        .filter(now -> generation == 0 || now.generation() == generation)
        .filter(now -> !now.progress().state().terminal())
        .map(WorkflowView::generation)
        .orElse(null);
  }

  private void suspend(HotRequest request, WorkflowId id, int generation, Duration wait) {
    CompletableFuture<Void> over =
        use.workflowWaits().begin(id).completeOnTimeout(null, wait.toNanos(), TimeUnit.NANOSECONDS);
    Suspension.begin(request, waits, over, () -> over.complete(null));
    lookLater(request.caller(), id, generation, over, FIRST_PAUSE);
  }

  private void lookLater(
      Caller caller, WorkflowId id, int generation, CompletableFuture<Void> over, Duration pause) {
    CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, LOOKS)
        .execute(() -> look(caller, id, generation, over, pause));
  }

  private void look(
      Caller caller, WorkflowId id, int generation, CompletableFuture<Void> over, Duration pause) {
    if (over.isDone()) {
      return;
    }
    try {
      if (!use.await().isClosed() && awaited(caller, id, generation) != null) {
        Duration next = pause.plus(pause.dividedBy(4));
        Duration bounded = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        lookLater(caller, id, generation, over, bounded);
        return;
      }
    } catch (RuntimeException e) {
      // looking it up for the answer will meet it too, and says what it is
    }
    over.complete(null);
  }
}
