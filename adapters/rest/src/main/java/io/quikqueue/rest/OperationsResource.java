package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.operate.ManageOperations.Moved;
import io.quikqueue.rest.OperationReader.Asked;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Begins operations on many jobs, shows them and stops them. */
@Path(OperationsResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class OperationsResource {

  static final String PATH = "/v1/operations";

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  OperationsResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
  }

  @POST
  public Response begin(InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    Asked asked = bodies.read(body, request, OperationReader::read);
    Operation operation =
        use.operations()
            .begin(
                caller, asked.action(), asked.to(), asked.filter(), asked.dryRun(), asked.rate());
    return Response.fromResponse(Responses.inProgress(Json.bytes(json -> write(json, operation))))
        .header(HttpHeaders.LOCATION, PATH + "/" + operation.id())
        .build();
  }

  @GET
  public Response list(@Context HttpServletRequest request) {
    JobQueries.Page page = JobQueries.readPage(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> list(caller, page));
  }

  private Response list(Caller caller, JobQueries.Page page) {
    List<Operation> found = use.operations().list(caller, page.after(), page.limit() + 1);
    return PageWriter.of(
        "operations", found, page.limit(), each -> each.id().toString(), OperationsResource::write);
  }

  @GET
  @Path("/{operation}")
  public Response find(@PathParam("operation") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Operation operation =
        use.operations()
            .find(Callers.of(request), JobLookup.id(id))
            .orElseThrow(() -> new ProblemException(Problems.unknownOperation()));
    return Responses.ok(Json.bytes(json -> write(json, operation)));
  }

  @POST
  @Path("/{operation}/pause")
  public Response pause(@PathParam("operation") String id, @Context HttpServletRequest request) {
    return moved(request, id, "pause", use.operations()::pause);
  }

  @POST
  @Path("/{operation}/resume")
  public Response resume(@PathParam("operation") String id, @Context HttpServletRequest request) {
    return moved(request, id, "resume", use.operations()::resume);
  }

  @POST
  @Path("/{operation}/abort")
  public Response abort(@PathParam("operation") String id, @Context HttpServletRequest request) {
    return moved(request, id, "abort", use.operations()::abort);
  }

  private static Response moved(
      HttpServletRequest request, String id, String verb, BiFunction<Caller, JobId, Moved> move) {
    QueryParameters.requireNone(request);
    return switch (move.apply(Callers.of(request), JobLookup.id(id))) {
      case Moved.Done(Operation operation) ->
          Responses.ok(Json.bytes(json -> write(json, operation)));
      case Moved.Over(Operation operation) ->
          throw new ProblemException(Problems.operationOver(operation, verb));
      case Moved.Unknown() -> throw new ProblemException(Problems.unknownOperation());
    };
  }

  private static void write(JsonGenerator json, Operation operation) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", operation.id().toString());
    json.writeStringField("action", operation.action().label());
    Move to = operation.to();
    if (to != null && to.priority() != null) {
      json.writeNumberField(MoveReader.PRIORITY, to.priority());
    }
    if (to != null && to.queue() != null) {
      json.writeStringField(MoveReader.QUEUE, to.queue());
    }
    filter(json, operation.filter());
    json.writeBooleanField("dry_run", operation.dryRun());
    Integer rate = operation.rate();
    if (rate == null) {
      json.writeNullField("rate");
    } else {
      json.writeNumberField("rate", rate);
    }
    json.writeStringField("state", operation.state().label());
    json.writeNumberField("seen", operation.seen());
    json.writeNumberField("changed", operation.changed());
    json.writeNumberField("skipped", operation.skipped());
    json.writeNumberField("failed", operation.failed());
    json.writeBooleanField(
        "complete", operation.state() == OperationState.DONE && operation.cursor() == null);
    json.writeStringField("by", operation.by());
    JobWriter.time(json, "created_at", operation.createdAt());
    JobWriter.time(json, "updated_at", operation.updatedAt());
    JobWriter.time(json, "ended_at", operation.endedAt());
    json.writeEndObject();
  }

  /** As it was asked for. */
  private static void filter(JsonGenerator json, JobFilter filter) throws IOException {
    JobState state = filter.state();
    json.writeObjectFieldStart("filter");
    JobWriter.text(json, "state", state == null ? null : state.name());
    JobWriter.text(json, "queue", filter.queue());
    JobWriter.text(json, "type", filter.type());
    json.writeArrayFieldStart("label");
    for (Map.Entry<String, String> label : new TreeMap<>(filter.labels()).entrySet()) {
      json.writeString(label.getKey() + ":" + label.getValue());
    }
    json.writeEndArray();
    JobWriter.text(json, "dead", filter.dead());
    json.writeEndObject();
  }
}
