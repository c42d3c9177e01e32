package io.quikqueue.rest;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowSignals.Sent;
import io.quikqueue.domain.workflow.WorkflowState;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** Sends signals to workflows, whose nodes may wait for them. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkflowSignalsResource {

  private final UseCases use;
  private final RequestBodies bodies;

  WorkflowSignalsResource(UseCases use, RequestBodies bodies) {
    this.use = use;
    this.bodies = bodies;
  }

  @POST
  @Path("/workflows/{id}/signals/{name}")
  public Response signal(
      @PathParam("id") String id,
      @PathParam("name") String name,
      InputStream body,
      @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    WorkflowId workflow = new WorkflowId(JobLookup.id(id));
    SignalRequest signal = SignalRequest.read(name, body, request, bodies);
    Sent sent =
        use.signalWorkflow()
            .send(Callers.of(request), workflow, name, signal.payload(), signal.key());
    return switch (sent) {
      case Sent.Accepted(boolean taken, _) -> accepted(workflow, taken, false);
      case Sent.Repeated() -> accepted(workflow, false, true);
      case Sent.KeyReused() -> throw new ProblemException(Problems.signalKeyReused(name));
      case Sent.UnknownWorkflow() -> throw WorkflowsResource.unknown(workflow);
      case Sent.Over(WorkflowState state) ->
          throw new ProblemException(Problems.noSignal(workflow, state));
      case Sent.Full(String problem) ->
          throw new ProblemException(Problems.tooManySignals(problem));
    };
  }

  private static Response accepted(WorkflowId workflow, boolean taken, boolean repeated) {
    byte[] bytes =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("workflow_id", workflow.toString());
              json.writeBooleanField("taken", taken);
              json.writeBooleanField("repeated", repeated);
              json.writeEndObject();
            });
    return Response.status(202).type(MediaType.APPLICATION_JSON_TYPE).entity(bytes).build();
  }
}
