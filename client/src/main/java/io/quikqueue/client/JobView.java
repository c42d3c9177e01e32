package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as the server showed it.
 *
 * @param state one of {@link State}
 * @param attempt the number of the current or next attempt, from 1
 * @param payload as submitted
 * @param result what the handler returned; null = nothing, or not yet
 * @param error why the last failed attempt failed
 * @param progress how far a RUNNING job is; null when its handler has not said, and in answers to
 *     {@code cancel} and {@code retry}
 * @param json the whole answer, for what this record does not name
 */
public record JobView(
    UUID id,
    String type,
    String queue,
    State state,
    int attempt,
    JsonNode payload,
    @Nullable JsonNode result,
    @Nullable String note,
    @Nullable String error,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Progress progress,
    JsonNode json) {

  /**
   * How far a job is, as its handler said last.
   *
   * @param percent 0 to 100
   * @param message a few words for people; null = none
   */
  public record Progress(int percent, @Nullable String message) {}

  /** Where a job stands. */
  public enum State {
    WAITING,
    SCHEDULED,
    QUEUED,
    RUNNING,
    RETRYING,
    DONE,
    FAILED,
    CANCELLED,
    EXPIRED;

    /** Whether the job is over. */
    public boolean terminal() {
      return switch (this) {
        case DONE, FAILED, CANCELLED, EXPIRED -> true;
        case WAITING, SCHEDULED, QUEUED, RUNNING, RETRYING -> false;
      };
    }
  }

  static JobView of(JsonNode json) {
    return new JobView(
        UUID.fromString(json.path("id").asText()),
        json.path("type").asText(),
        json.path("queue").asText(),
        State.valueOf(json.path(json.has("state") ? "state" : "status").asText()),
        json.path("attempt").asInt(),
        json.path("payload"),
        json.hasNonNull("result") ? json.get("result") : null,
        json.hasNonNull("note") ? json.get("note").asText() : null,
        json.hasNonNull("error") ? json.get("error").asText() : null,
        Instant.parse(json.path("created_at").asText()),
        Instant.parse(json.path("updated_at").asText()),
        progress(json.path("progress")),
        json);
  }

  private static @Nullable Progress progress(JsonNode json) {
    return json.isObject()
        ? new Progress(
            json.path("percent").asInt(),
            json.hasNonNull("message") ? json.get("message").asText() : null)
        : null;
  }
}
