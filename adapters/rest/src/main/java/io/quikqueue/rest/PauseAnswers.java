package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Pauses and resumes, for queues, types and groups alike. */
final class PauseAnswers {

  private final UseCases use;
  private final RequestBodies bodies;

  PauseAnswers(UseCases use, RequestBodies bodies) {
    this.use = use;
    this.bodies = bodies;
  }

  /** Pauses; the body, if there is one, is {@code {"note": "…"}}. */
  Response pause(HttpServletRequest request, InputStream body, PauseKey key) {
    QueryParameters.requireNone(request);
    String note = Notes.read(request, body, bodies);
    return pause(request, key, note);
  }

  /** Pauses the group that the body names. */
  Response pauseGroup(HttpServletRequest request, InputStream body, String queue) {
    QueryParameters.requireNone(request);
    GroupNotes.GroupNote read = GroupNotes.read(request, body, bodies, true);
    return pause(request, PauseKey.group(queue, read.group()), read.note());
  }

  private Response pause(HttpServletRequest request, PauseKey key, @Nullable String note) {
    Pause pause = use.pauseJobs().pause(Callers.of(request), key, note);
    return Responses.ok(Json.bytes(json -> write(json, pause)));
  }

  /** Resumes the group that the body names. */
  Response resumeGroup(HttpServletRequest request, InputStream body, String queue) {
    QueryParameters.requireNone(request);
    GroupNotes.GroupNote read = GroupNotes.read(request, body, bodies, false);
    return resume(request, PauseKey.group(queue, read.group()));
  }

  Response resume(HttpServletRequest request, PauseKey key) {
    QueryParameters.requireNone(request);
    boolean wasPaused = use.pauseJobs().resume(Callers.of(request), key);
    return Responses.ok(
        Json.bytes(
            json -> {
              json.writeStartObject();
              write(json, key);
              json.writeBooleanField("was_paused", wasPaused);
              json.writeEndObject();
            }));
  }

  static void write(JsonGenerator json, Pause pause) throws IOException {
    json.writeStartObject();
    write(json, pause.key());
    json.writeStringField("note", pause.note());
    json.writeStringField("by", pause.by());
    json.writeStringField("at", pause.at().toString());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, PauseKey key) throws IOException {
    json.writeStringField("kind", key.kind().label());
    if (key.queue() != null) {
      json.writeStringField("queue", key.queue());
    }
    json.writeStringField("name", key.name());
  }
}
