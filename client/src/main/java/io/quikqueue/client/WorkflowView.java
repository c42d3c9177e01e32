package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as the server showed it, without its nodes.
 *
 * @param state one of {@link State}
 * @param size how many nodes it has
 * @param counts how many nodes are where, such as {@code waiting} and {@code done}
 * @param finishedAt null = it has not ended
 * @param json the whole answer, for what this record does not name
 */
public record WorkflowView(
    UUID id,
    String name,
    State state,
    int size,
    Map<String, Integer> counts,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    JsonNode json) {

  /** Where a workflow stands. */
  public enum State {
    RUNNING,
    /** It was cancelled: nothing of it starts any more, but nodes are still being ended. */
    CANCELLING,
    /** A node failed, and the rest is being cancelled. */
    FAILING,
    DONE,
    /** Only nodes failed that are optional. */
    DONE_WITH_FAILURES,
    FAILED,
    CANCELLED;

    /** Whether all nodes have ended. */
    public boolean terminal() {
      return switch (this) {
        case DONE, DONE_WITH_FAILURES, FAILED, CANCELLED -> true;
        case RUNNING, CANCELLING, FAILING -> false;
      };
    }
  }

  static WorkflowView of(JsonNode json) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    json.path("counts").properties().forEach(e -> counts.put(e.getKey(), e.getValue().asInt()));
    return new WorkflowView(
        UUID.fromString(json.path("id").asText()),
        json.path("name").asText(),
        State.valueOf(json.path("state").asText()),
        json.path("size").asInt(),
        Map.copyOf(counts),
        Instant.parse(json.path("created_at").asText()),
        Instant.parse(json.path("updated_at").asText()),
        json.hasNonNull("finished_at") ? Instant.parse(json.get("finished_at").asText()) : null,
        json);
  }
}
