package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.usecase.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Shows the workers that are alive and what they run. */
@Path("/v1/workers")
@Produces(MediaType.APPLICATION_JSON)
public final class WorkersResource {

  private final UseCases use;
  private final AnswerBudget answers;

  WorkersResource(UseCases use, AnswerBudget answers) {
    this.use = use;
    this.answers = answers;
  }

  @GET
  public Response live(@Context HttpServletRequest request) {
    QueryParameters.requireNone(request);
    Caller caller = Callers.of(request);
    return answers.pageWithin(request, caller, () -> live(caller));
  }

  private Response live(Caller caller) {
    List<WorkerInfo> workers = use.listWorkers().live(caller);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("workers");
              for (WorkerInfo worker : workers) {
                write(json, worker);
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private static void write(JsonGenerator json, WorkerInfo worker) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", worker.id());
    json.writeStringField("host", worker.host());
    json.writeNumberField("pid", worker.pid());
    texts(json, "queues", worker.queues());
    texts(json, "types", worker.types());
    json.writeNumberField("slots", worker.slots());
    json.writeNumberField("busy", worker.busy());
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
