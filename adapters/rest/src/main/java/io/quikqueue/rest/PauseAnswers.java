package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.port.Pause;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** Pauses and resumes, for queues and types alike. */
final class PauseAnswers {

  private final UseCases use;
  private final RequestBodies bodies;

  PauseAnswers(UseCases use, RequestBodies bodies) {
    this.use = use;
    this.bodies = bodies;
  }

  /** Pauses; the body, if there is one, is {@code {"note": "…"}}. */
  Response pause(HttpServletRequest request, InputStream body, Pause.Kind kind, String name) {
    QueryParameters.requireNone(request);
    String note = Notes.read(request, body, bodies);
    Pause pause = use.pauseJobs().pause(Callers.of(request), kind, name, note);
    return Responses.ok(Json.bytes(json -> write(json, pause)));
  }

  Response resume(HttpServletRequest request, Pause.Kind kind, String name) {
    QueryParameters.requireNone(request);
    boolean wasPaused = use.pauseJobs().resume(Callers.of(request), kind, name);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("kind", kind.label());
              json.writeStringField("name", name);
              json.writeBooleanField("was_paused", wasPaused);
              json.writeEndObject();
            }));
  }

  static void write(JsonGenerator json, Pause pause) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", pause.kind().label());
    json.writeStringField("name", pause.name());
    json.writeStringField("note", pause.note());
    json.writeStringField("by", pause.by());
    json.writeStringField("at", pause.at().toString());
    json.writeEndObject();
  }
}
