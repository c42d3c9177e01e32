package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.worker.ManagedWorker;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shows the workers that are alive and what they run, changes their slots, drains and resumes them.
 * An id may have slashes, as the name of a worker outside this program may.
 */
@Path("/v1/workers")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkersResource {

  private final UseCases use;
  private final RequestBodies bodies;
  private final AnswerBudget answers;

  WorkersResource(UseCases use, RequestBodies bodies, AnswerBudget answers) {
    this.use = use;
    this.bodies = bodies;
    this.answers = answers;
  }

  @GET
  public Response live(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> live(caller));
  }

  @GET
  @Path("/{id: .+}")
  public Response find(@PathParam("id") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> show(use.manageWorkers().find(caller, id)));
  }

  @PATCH
  @Path("/{id: .+}")
  @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
  public Response resize(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Integer slots = SlotsReader.read(request, body, bodies);
    return show(use.manageWorkers().resize(Callers.of(request), id, slots));
  }

  @POST
  @Path("/{id: .+}/drain")
  public Response drain(
      @PathParam("id") String id, InputStream body, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    String note = Notes.read(request, body, bodies);
    return show(use.manageWorkers().drain(Callers.of(request), id, note));
  }

  @POST
  @Path("/{id: .+}/resume")
  public Response resume(@PathParam("id") String id, @Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    return show(use.manageWorkers().resume(Callers.of(request), id));
  }

  private static Response show(Optional<ManagedWorker> worker) {
    ManagedWorker found = worker.orElseThrow(() -> new ProblemException(Problems.unknownWorker()));
    return Responses.ok(Json.bytes(json -> write(json, found)));
  }

  private Response live(Caller caller) {
    List<ManagedWorker> workers = use.manageWorkers().live(caller);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("workers");
              for (ManagedWorker worker : workers) {
                write(json, worker);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private static void write(JsonGenerator json, ManagedWorker managed) throws IOException {
    WorkerInfo worker = managed.info();
    Integer wanted = managed.wantedSlots();
    json.writeStartObject();
    json.writeStringField("id", worker.id());
    json.writeStringField("host", worker.host());
    json.writeNumberField("pid", worker.pid());
    texts(json, "queues", worker.queues());
    texts(json, "types", worker.types());
    json.writeNumberField("slots", worker.slots());
    json.writeNumberField("wanted_slots", wanted == null ? worker.slots() : wanted);
    json.writeNumberField("busy", worker.busy());
    json.writeStringField("state", managed.phase().label());
    write(json, managed.desired());
    json.writeArrayFieldStart("running");
    for (AttemptSnapshot running : worker.running()) {
      json.writeStartObject();
      json.writeStringField("job_id", running.attempt().job().toString());
      json.writeNumberField("attempt", running.attempt().number());
      json.writeStringField("type", running.type());
      JobWriter.time(json, "started_at", running.startedAt());
      writeProgress(json, running.progress());
      json.writeEndObject();
    }
    json.writeEndArray();
    JobWriter.time(json, "started_at", worker.startedAt());
    JobWriter.time(json, "seen_at", worker.seenAt());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, @Nullable DesiredState desired) throws IOException {
    if (desired == null) {
      json.writeNullField("change");
      return;
    }
    json.writeObjectFieldStart("change");
    Integer slots = desired.slots();
    if (slots == null) {
      json.writeNullField("slots");
    } else {
      json.writeNumberField("slots", slots);
    }
    json.writeBooleanField("drain", desired.draining());
    JobWriter.text(json, "note", desired.note());
    json.writeStringField("by", desired.by());
    JobWriter.time(json, "at", desired.at());
    json.writeEndObject();
  }

  /** {@code percent} and {@code note} are what programs read before there was {@code progress}. */
  private static void writeProgress(JsonGenerator json, @Nullable Progress progress)
      throws IOException {
    JobWriter.progress(json, progress);
    if (progress == null) {
      json.writeNullField("percent");
    } else {
      json.writeNumberField("percent", progress.percent());
    }
    JobWriter.text(json, "note", progress == null ? null : progress.message());
  }

  private static void texts(JsonGenerator json, String name, Collection<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : new TreeSet<>(values)) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
