package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.UUID;

/**
 * An operation on many jobs as the server showed it.
 *
 * @param seen jobs that matched until now
 * @param changed jobs that were changed, or in a dry run would have been
 * @param skipped jobs whose state did not allow it
 * @param failed jobs whose change the store refused
 * @param complete whether it is done and has met all jobs that match
 * @param json the whole answer, for what this record does not name
 */
public record OperationView(
    UUID id,
    String action,
    State state,
    long seen,
    long changed,
    long skipped,
    long failed,
    boolean complete,
    JsonNode json) {

  /** Where an operation stands. */
  public enum State {
    RUNNING,
    PAUSED,
    ABORTED,
    DONE
  }

  static OperationView of(JsonNode json) {
    return new OperationView(
        UUID.fromString(json.path("id").asText()),
        json.path("action").asText(),
        State.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT)),
        json.path("seen").asLong(),
        json.path("changed").asLong(),
        json.path("skipped").asLong(),
        json.path("failed").asLong(),
        json.path("complete").asBoolean(),
        json);
  }
}
