package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A node of a workflow as the server showed it.
 *
 * @param job the id of its job, which has its result
 * @param state how its job stands, or ended
 * @param json the whole answer, for what this record does not name
 */
public record WorkflowNode(
    String name, UUID job, JobView.State state, List<String> needs, JsonNode json) {

  static WorkflowNode of(JsonNode json) {
    List<String> needs = new ArrayList<>();
    json.path("needs").forEach(need -> needs.add(need.asText()));
    return new WorkflowNode(
        json.path("name").asText(),
        UUID.fromString(json.path("job_id").asText()),
        JobView.State.valueOf(json.path("state").asText()),
        List.copyOf(needs),
        json);
  }
}
