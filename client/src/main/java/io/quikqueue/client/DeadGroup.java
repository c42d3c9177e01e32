package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * FAILED jobs that failed in the same way.
 *
 * @param errorClass the class of what was thrown; null = nothing was, or it is not known
 * @param message what their errors have in common, with {@code {n}}, {@code {hex}} and {@code {id}}
 *     for what differs
 * @param count how many jobs are in it now
 * @param sample the youngest of its jobs; null = none is left
 * @param note what was said when the status was set; null = nothing
 * @param by who set the status; null = nobody
 * @param json the whole answer, for what this record does not name
 */
public record DeadGroup(
    String id,
    String type,
    @Nullable String errorClass,
    String message,
    Status status,
    long count,
    Instant firstSeen,
    Instant lastSeen,
    @Nullable UUID sample,
    @Nullable String note,
    @Nullable String by,
    JsonNode json) {

  /** What people have said about a group. */
  public enum Status {
    OPEN,
    /** Its cause is gone: the next failure of the kind opens it again. */
    RESOLVED,
    /** Nobody wants to hear of it, whatever comes. */
    IGNORED
  }

  static DeadGroup of(JsonNode json) {
    String sample = textOrNull(json, "sample_job_id");
    return new DeadGroup(
        json.path("id").asText(),
        json.path("type").asText(),
        textOrNull(json, "error_class"),
        json.path("message").asText(),
        Status.valueOf(json.path("status").asText().toUpperCase(Locale.ROOT)),
        json.path("count").asLong(),
        Instant.parse(json.path("first_seen_at").asText()),
        Instant.parse(json.path("last_seen_at").asText()),
        sample == null ? null : UUID.fromString(sample),
        textOrNull(json, "note"),
        textOrNull(json, "by"),
        json);
  }

  private static @Nullable String textOrNull(JsonNode json, String field) {
    return json.hasNonNull(field) ? json.get(field).asText() : null;
  }
}
