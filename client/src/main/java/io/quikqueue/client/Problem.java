package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why the server did not do what it was asked for (RFC 9457).
 *
 * @param field the field at fault; null when it is not about one
 * @param jobId the job that has the unique key; null when it is not about one
 */
public record Problem(
    int status, String title, String detail, @Nullable String field, @Nullable UUID jobId) {

  static Problem of(int status, JsonNode json) {
    return new Problem(
        status,
        json.path("title").asText("HTTP " + status),
        json.path("detail").asText(""),
        json.hasNonNull("field") ? json.get("field").asText() : null,
        json.hasNonNull("job_id") ? UUID.fromString(json.get("job_id").asText()) : null);
  }

  @Override
  public String toString() {
    return title
        + (detail.isEmpty() ? "" : ": " + detail)
        + (field == null ? "" : " (" + field + ")");
  }
}
