package io.quikqueue.rest;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.workflow.RetryWorkflow;
import io.quikqueue.domain.usecase.workflow.RetryWorkflow.Result;
import io.quikqueue.domain.workflow.InvalidWorkflowException;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.rest.WorkflowReader.Kind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.function.Function;

/** Runs nodes of workflows again that have ended. */
@Path(WorkflowsResource.PATH + "/{id}/retry")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkflowRetryResource {

  private final RetryWorkflow use;
  private final RequestBodies bodies;

  WorkflowRetryResource(RetryWorkflow use, RequestBodies bodies) {
    this.use = use;
    this.bodies = bodies;
  }

  @POST
  public Response retry(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    WorkflowId workflow = new WorkflowId(JobLookup.id(id));
    Caller caller = Callers.of(request);
    String sent = IdempotencyKeys.header(request);
    Function<String, Response> retry =
        json -> {
          RetryRequest asked = WorkflowRetryReader.read(json, bodies.maxBody());
          String path = WorkflowsResource.PATH + "/" + workflow + "/retry";
          IdempotencyKey key = IdempotencyKeys.of(sent, path, json);
          return answer(use.retry(caller, workflow, asked, key), workflow);
        };
    try {
      return RequestLimits.hasBody(request)
          ? bodies.readLong(body, request, retry)
          : retry.apply("{}");
    } catch (InvalidWorkflowException e) {
      throw new ProblemException(WorkflowWriter.problem(e, Kind.WORKFLOW, 0));
    }
  }

  private static Response answer(Result result, WorkflowId id) {
    return switch (result) {
      case Result.Begun(WorkflowView workflow) -> accepted(workflow).build();
      case Result.Replayed(WorkflowView workflow) ->
          accepted(workflow).header(JobSubmitter.REPLAYED_HEADER, "true").build();
      case Result.KeyReused() -> throw new ProblemException(Problems.workflowKeyReused());
      case Result.Unknown() -> throw WorkflowsResource.unknown(id);
      case Result.NotEnded(WorkflowView workflow) ->
          throw conflict(workflow, "some of its nodes have not ended");
      case Result.NotPossible(WorkflowView workflow, String why) -> throw conflict(workflow, why);
      case Result.Full(var full) -> throw new ProblemException(JobProblems.queueFull(full));
      case Result.Refused(String reason) -> throw new ProblemException(JobProblems.refused(reason));
    };
  }

  private static Response.ResponseBuilder accepted(WorkflowView workflow) {
    return Response.accepted(Json.bytes(json -> WorkflowWriter.write(json, workflow)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.LOCATION, WorkflowsResource.PATH + "/" + workflow.id());
  }

  private static ProblemException conflict(WorkflowView workflow, String why) {
    String state = workflow.progress().state().name();
    return new ProblemException(
        Problem.of(
                409,
                "state-conflict",
                "The workflow cannot be retried",
                "workflow " + workflow.id() + " is " + state + ": " + why)
            .with("state", state));
  }
}
