package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An earlier generation of a job, which a retry with changes has followed.
 *
 * @param number from 1
 * @param state in which it ended
 * @param attempt the number of its last attempt
 * @param payload with secrets masked
 */
public record Generation(
    int number,
    JobView.State state,
    int attempt,
    @Nullable String error,
    @Nullable Instant endedAt,
    Instant retriedAt,
    JsonNode payload) {

  static Generation of(JsonNode json) {
    return new Generation(
        json.path("generation").asInt(),
        JobView.State.valueOf(json.path("state").asText()),
        json.path("attempt").asInt(),
        json.hasNonNull("error") ? json.get("error").asText() : null,
        json.hasNonNull("ended_at") ? Instant.parse(json.get("ended_at").asText()) : null,
        Instant.parse(json.path("retried_at").asText()),
        json.path("payload"));
  }
}
