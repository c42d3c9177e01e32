package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A job that this program has leased and is to run.
 *
 * @param lease names the lease in reports of it
 * @param attempt with the job's id, what to tell repeated work by
 * @param payload as submitted
 * @param expiresAt when it is lost without a heartbeat, by the server's clock
 * @param json the whole answer, for what this record does not name
 */
public record LeasedJob(
    String lease,
    UUID id,
    String type,
    int attempt,
    JsonNode payload,
    Instant expiresAt,
    JsonNode json) {

  static LeasedJob of(JsonNode json) {
    return new LeasedJob(
        json.path("id").asText(),
        UUID.fromString(json.path("job_id").asText()),
        json.path("type").asText(),
        json.path("attempt").asInt(),
        json.path("payload"),
        Instant.parse(json.path("expires_at").asText()),
        json);
  }
}
