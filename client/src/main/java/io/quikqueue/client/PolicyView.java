package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A policy as the server showed it.
 *
 * @param declared whether a configuration declares it, and nobody has set another one
 * @param changedBy who set it
 * @param json the whole answer, such as {@code timeout} and {@code retry}; null or absent = left to
 *     the server
 */
public record PolicyView(boolean declared, String changedBy, Instant changedAt, JsonNode json) {

  static PolicyView of(JsonNode json) {
    return new PolicyView(
        json.path("declared").asBoolean(),
        json.path("changed_by").asText(),
        Instant.parse(json.path("changed_at").asText()),
        json);
  }
}
