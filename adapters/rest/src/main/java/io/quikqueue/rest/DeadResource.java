package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadGroupPage;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.usecase.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Shows FAILED jobs in groups of those that failed in the same way, and takes what people say. */
@Path("/v1/dead")
@Produces(MediaType.APPLICATION_JSON)
public final class DeadResource {

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  DeadResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
  }

  @GET
  public Response groups(@Context HttpServletRequest request) {
    DeadGroupQuery query = JobQueries.readDead(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> groups(use.listDead().groups(caller, query)));
  }

  private static Response groups(DeadGroupPage page) {
    return PageWriter.of(
        "groups",
        page.groups(),
        page.next(),
        (json, group) -> {
          json.writeStartObject();
          write(json, group);
          json.writeEndObject();
        });
  }

  @GET
  @Path("/{group}")
  public Response group(@PathParam("group") String id, @Context HttpServletRequest request) {
    JobQueries.Page page = JobQueries.readPage(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(
        request,
        caller,
        () -> {
          DeadGroup group = use.listDead().group(caller, id).orElseThrow(DeadResource::unknown);
          JobPage jobs = use.listDead().jobs(caller, id, page.after(), page.limit());
          return Responses.ok(PageWriter.bytes(json -> write(json, group), jobs));
        });
  }

  @POST
  @Path("/{group}/resolve")
  public Response resolve(
      @PathParam("group") String id, InputStream body, @Context HttpServletRequest request) {
    return mark(id, DeadStatus.RESOLVED, body, request);
  }

  @POST
  @Path("/{group}/ignore")
  public Response ignore(
      @PathParam("group") String id, InputStream body, @Context HttpServletRequest request) {
    return mark(id, DeadStatus.IGNORED, body, request);
  }

  @POST
  @Path("/{group}/reopen")
  public Response reopen(
      @PathParam("group") String id, InputStream body, @Context HttpServletRequest request) {
    return mark(id, DeadStatus.OPEN, body, request);
  }

  private Response mark(
      String id, DeadStatus status, InputStream body, HttpServletRequest request) {
    QueryParameters.requireNone(request);
    String note = Notes.read(request, body, bodies);
    DeadGroup group =
        use.markDead()
            .mark(Callers.of(request), id, status, note)
            .orElseThrow(DeadResource::unknown);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              write(json, group);
              json.writeEndObject();
            }));
  }

  private static ProblemException unknown() {
    return new ProblemException(Problems.unknownGroup());
  }

  private static void write(JsonGenerator json, DeadGroup group) throws IOException {
    json.writeStringField("id", group.id());
    json.writeStringField("type", group.kind().type());
    text(json, "error_class", group.kind().errorClass());
    json.writeStringField("message", group.kind().message());
    json.writeStringField("status", group.status().label());
    json.writeNumberField("count", group.count());
    JobWriter.time(json, "first_seen_at", group.firstSeen());
    JobWriter.time(json, "last_seen_at", group.lastSeen());
    text(json, "sample_job_id", group.sample());
    text(json, "note", group.note());
    text(json, "by", group.by());
    JobWriter.time(json, "status_at", group.statusAt());
  }

  private static void text(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    JobWriter.text(json, name, value == null ? null : value.toString());
  }
}
