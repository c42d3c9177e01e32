package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as the server showed it.
 *
 * @param state one of {@link State}
 * @param group whose job it is; null = not said
 * @param orderingKey what it has to keep its order with; null = not said
 * @param cost what it takes of a rate; 1 unless said otherwise
 * @param owner who submitted it; null = not known
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
    @Nullable String group,
    @Nullable String orderingKey,
    int cost,
    @Nullable String owner,
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
    EXPIRED,
    SKIPPED;

    /** Whether the job is over. */
    public boolean terminal() {
      return switch (this) {
        case DONE, FAILED, CANCELLED, EXPIRED, SKIPPED -> true;
        case WAITING, SCHEDULED, QUEUED, RUNNING, RETRYING -> false;
      };
    }
  }

  static JobView of(JsonNode json) {
    return new JobView(
        UUID.fromString(json.path("id").asText()),
        json.path("type").asText(),
        json.path("queue").asText(),
        textOrNull(json, "group"),
        textOrNull(json, "ordering_key"),
        json.path("cost").asInt(1),
        textOrNull(json, "owner"),
        State.valueOf(json.path(json.has("state") ? "state" : "status").asText()),
        json.path("attempt").asInt(),
        json.path("payload"),
        json.hasNonNull("result") ? json.get("result") : null,
        textOrNull(json, "note"),
        textOrNull(json, "error"),
        Instant.parse(json.path("created_at").asText()),
        Instant.parse(json.path("updated_at").asText()),
        progress(json.path("progress")),
        json);
  }

  private static @Nullable String textOrNull(JsonNode json, String field) {
    return json.hasNonNull(field) ? json.get(field).asText() : null;
  }

  private static @Nullable Progress progress(JsonNode json) {
    return json.isObject()
        ? new Progress(json.path("percent").asInt(), textOrNull(json, "message"))
        : null;
  }
}
