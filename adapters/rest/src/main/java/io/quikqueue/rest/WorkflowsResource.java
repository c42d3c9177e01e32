package io.quikqueue.rest;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.Caller;
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
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes workflows and the shorthands for them, lists them and cancels them. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkflowsResource {

  static final String PATH = "/v1/workflows";

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  WorkflowsResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
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
    return bodies.readLong(
        body,
        request,
        json -> {
          WorkflowSpec spec =
              WorkflowReader.read(json, kind, bodies.maxBody(), JobSubmitter.traceparent(request));
          return WorkflowSubmitter.submit(
              use.submitWorkflow(),
              caller,
              spec,
              IdempotencyKeys.of(sent, path, json),
              kind,
              workflow -> PATH + "/" + workflow.id(),
              workflow -> Json.bytes(out -> WorkflowWriter.write(out, workflow)));
        });
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
          WorkflowPage found = use.workflows().list(caller, wanted);
          return Responses.ok(Json.bytes(json -> WorkflowWriter.list(json, found)));
        });
  }

  private static @Nullable WorkflowState state(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(WorkflowState.values())
        .filter(known -> known.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> QueryParameters.refused("state", Words.oneOfNames(WorkflowState.class)));
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
    return new ProblemException(AccessProblems.unknownWorkflow(id));
  }
}
