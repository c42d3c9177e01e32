package io.quikqueue.rest;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.workflow.ManageWorkflows.ShownNode;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import io.quikqueue.rest.WorkflowReader.Kind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Takes workflows and the shorthands for them, shows them and cancels them. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkflowsResource {

  static final String PATH = "/v1/workflows";

  private static final int USUAL_NODES = 100;
  private static final int MOST_NODES = 500;
  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;
  private final CallerBound waits;
  private final Duration longest;

  WorkflowsResource(
      UseCases use,
      RequestBodies bodies,
      AnswerBudget answers,
      CallerBound waits,
      RestConfig config) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
    this.waits = waits;
    this.longest = config.getMaxWait().toJavaDuration();
  }

  @POST
  @Path("/workflows")
  public Response workflow(InputStream body, @Context HttpServletRequest request) {
    return submit(body, request, Kind.WORKFLOW, PATH);
  }

  @POST
  @Path("/chains")
  public Response chain(InputStream body, @Context HttpServletRequest request) {
    return submit(body, request, Kind.CHAIN, "/v1/chains");
  }

  @POST
  @Path("/groups")
  public Response group(InputStream body, @Context HttpServletRequest request) {
    return submit(body, request, Kind.GROUP, "/v1/groups");
  }

  @POST
  @Path("/chords")
  public Response chord(InputStream body, @Context HttpServletRequest request) {
    return submit(body, request, Kind.CHORD, "/v1/chords");
  }

  private Response submit(InputStream body, HttpServletRequest request, Kind kind, String path) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    String sent = IdempotencyKeys.header(request);
    try (RequestBodies.Share share = bodies.share(caller.address())) {
      String json = bodies.longText(body, request, share);
      WorkflowSpec spec =
          WorkflowReader.read(json, kind, bodies.maxBody(), JobSubmitter.traceparent(request));
      IdempotencyKey key = IdempotencyKeys.of(sent, path, json);
      return WorkflowSubmitter.submit(
          use.submitWorkflow(),
          caller,
          spec,
          key,
          kind,
          workflow -> PATH + "/" + workflow.id(),
          workflow -> Json.bytes(out -> WorkflowWriter.write(out, workflow)));
    }
  }

  @GET
  @Path("/workflows")
  public Response list(@Context HttpServletRequest request) {
    QueryParameters query =
        new QueryParameters(request, Set.of("state", "name", "after", "limit"), Set.of());
    String after = query.text("after");
    String name = query.text("name");
    if (name != null && name.length() > 64) {
      throw QueryParameters.refused("name", "must be at most 64 characters");
    }
    int limit = query.integer("limit", 1, 500, 50);
    WorkflowQuery wanted =
        new WorkflowQuery(
            state(query.text("state")),
            name,
            after == null ? null : new WorkflowId(JobLookup.id(after)),
            limit);
    Caller caller = Callers.of(request);
    return answers.pageWithin(
        request,
        caller,
        () -> {
          List<WorkflowView> found = use.workflows().list(caller, wanted);
          return Responses.ok(Json.bytes(json -> WorkflowWriter.list(json, found, limit)));
        });
  }

  private static @Nullable WorkflowState state(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(WorkflowState.values())
        .filter(known -> known.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                QueryParameters.refused(
                    "state", "must be one of " + Arrays.toString(WorkflowState.values())));
  }

  @GET
  @Path("/workflows/{id}")
  public Response find(@PathParam("id") String id, @Context HttpServletRequest request) {
    QueryParameters query =
        new QueryParameters(request, Set.of("wait", "from", "limit", "generation"), Set.of());
    int generation = query.integer("generation", 1, NewGeneration.MOST, 0);
    int from = query.integer("from", 0, WorkflowSpec.MOST_NODES, 0);
    int limit = query.integer("limit", 1, MOST_NODES, USUAL_NODES);
    WorkflowId workflow = new WorkflowId(JobLookup.id(id));
    Caller caller = Callers.of(request);
    waitFor(caller, workflow, query.duration("wait", longest));
    return answers.pageWithin(
        request,
        caller,
        () -> {
          WorkflowView found = find(caller, workflow, generation);
          List<ShownNode> nodes =
              use.workflows().nodes(caller, workflow, found.generation(), from, limit);
          return Responses.ok(Json.bytes(json -> WorkflowWriter.write(json, found, nodes)));
        });
  }

  private WorkflowView find(Caller caller, WorkflowId id, int generation) {
    if (generation == 0) {
      return use.workflows().find(caller, id).orElseThrow(() -> unknown(id));
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

  /** Looks again and again, more seldom the longer it takes; a virtual thread costs little. */
  private void waitFor(Caller caller, WorkflowId id, Duration wait) {
    if (!wait.isPositive() || isOver(caller, id)) {
      return;
    }
    CallerBound.Entry entry = waits.enter(caller.address());
    if (entry != CallerBound.Entry.ADMITTED) {
      throw new ProblemException(
          Problems.tooMany(entry, waits, "requests that wait for a workflow"));
    }
    try {
      long end = System.nanoTime() + wait.toNanos();
      long pause = FIRST_LOOK.toNanos();
      while (System.nanoTime() - end < 0 && !use.await().isClosed() && !isOver(caller, id)) {
        LockSupport.parkNanos(Math.min(pause, Math.max(1, end - System.nanoTime())));
        pause = Math.min(pause + pause / 4, LONGEST_PAUSE.toNanos());
      }
    } finally {
      waits.leave(caller.address());
    }
  }

  private boolean isOver(Caller caller, WorkflowId id) {
    return use.workflows()
        .find(caller, id)
        .map(found -> found.progress().state().terminal())
        .orElse(true);
  }

  @POST
  @Path("/workflows/{id}/cancel")
  public Response cancel(@PathParam("id") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    WorkflowId workflow = new WorkflowId(JobLookup.id(id));
    WorkflowView after =
        use.workflows().cancel(Callers.of(request), workflow).orElseThrow(() -> unknown(workflow));
    return Responses.ok(Json.bytes(json -> WorkflowWriter.write(json, after)));
  }

  static ProblemException unknown(WorkflowId id) {
    return new ProblemException(
        Problem.of(404, "unknown-workflow", "Unknown workflow", "there is no workflow " + id));
  }
}
