package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One fire of a schedule.
 *
 * @param outcome {@code started}, {@code buffered}, {@code skipped}, {@code refused}, or how its
 *     job ended
 * @param job null = it started none
 */
public record ScheduleFire(
    Instant scheduledAt, Instant actualAt, String kind, String outcome, @Nullable UUID job) {

  static ScheduleFire of(JsonNode json) {
    String job = json.path("job_id").textValue();
    return new ScheduleFire(
        Instant.parse(json.path("scheduled_at").asText()),
        Instant.parse(json.path("actual_at").asText()),
        json.path("kind").asText(),
        json.path("outcome").asText(),
        job == null ? null : UUID.fromString(job));
  }
}
