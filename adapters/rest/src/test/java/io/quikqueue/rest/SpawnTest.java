package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that pull workers add to the workflows of their jobs. Each test has a queue of its own. */
class SpawnTest extends ApiTest {

  private static int queues;

  private final String queue = "spawns-" + ++queues;
  private String path = "";

  @Test
  void aWorkerAddsNodesWithTheEndOfItsJobOnceAlsoWhenItSaysSoTwice() {
    JsonNode lease = leasedNode();
    String body =
        "{\"result\":1,\"spawn\":[{\"type\":\"echo\",\"payload\":{\"$from\":\"as it"
            + " is\"},\"queue\":\""
            + queue
            + "\"},{\"name\":\"last\",\"optional\":true,\"type\":\"echo\",\"payload\":2}]}";

    for (int i = 0; i < 2; i++) { // as when the first answer was not heard
      Answer done = complete(lease, body);
      assertThat(done.status()).as(done.text()).isEqualTo(200);
      assertThat(done.string("state")).isEqualTo("DONE");
    }

    JsonNode workflow = http.get(path).json();
    assertThat(workflow.path("size").intValue()).isEqualTo(4);
    JsonNode nodes = workflow.path("nodes");
    assertThat(nodes).hasSize(4);
    assertThat(nodes.at("/0").has("spawned_by")).isFalse();
    assertThat(nodes.at("/1/state").textValue()).isEqualTo("WAITING");
    assertThat(nodes.at("/2/name").textValue()).isEqualTo("fetch:0");
    assertThat(nodes.at("/2/spawned_by").textValue()).isEqualTo("fetch");
    assertThat(nodes.at("/2/state").textValue()).isEqualTo("QUEUED");
    assertThat(nodes.at("/3/name").textValue()).isEqualTo("fetch:last");
    assertThat(nodes.at("/3/optional").booleanValue()).isTrue();
    JsonNode added = http.get("/v1/jobs/" + nodes.at("/2/job_id").textValue()).json();
    assertThat(added.at("/payload/$from").textValue()).isEqualTo("as it is");
    assertThat(added.path("queue").textValue()).isEqualTo(queue);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"nobody\",\"payload\":1} | spawn.0.type",
        "{\"type\":\"echo\"} | spawn.0.payload",
        "{\"type\":\"http\",\"payload\":1} | spawn.0.payload",
        "{\"type\":\"echo\",\"payload\":1,\"name\":\"a:b\"} | spawn.0.name",
        "{\"type\":\"echo\",\"payload\":1,\"needs\":[]} | spawn.0.needs",
        "{\"type\":\"echo\",\"payload\":1,\"unique\":{}} | spawn.0.unique",
        "{\"type\":\"echo\",\"payload\":1,\"name\":\"a\"},{\"type\":\"echo\",\"payload\":1,\"name\":\"a\"}"
            + " | spawn.1.name",
        "{\"type\":\"echo\",\"payload\":1,\"name\":\"1\"},{\"type\":\"echo\",\"payload\":1} |"
            + " spawn.1.name",
        "7 | spawn.0",
      })
  void whatCannotBeIsNamedAndTheLeaseGoesOn(String nodes, String field) {
    JsonNode lease = leasedNode();

    Answer refused = complete(lease, "{\"spawn\":[" + nodes + "]}");

    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo(field);
    assertThat(http.get(path).json().path("nodes")).hasSize(2);
    assertThat(complete(lease, "{}").string("state")).isEqualTo("DONE");
  }

  @Test
  void aThousandAreAddedAndNotOneMore() {
    JsonNode lease = leasedNode();

    Answer refused = complete(lease, echoes(1_001));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("spawn");
    assertThat(complete(lease, echoes(1_000)).string("state")).isEqualTo("DONE");

    assertThat(http.get(path).json().path("size").intValue()).isEqualTo(1_002);
  }

  @Test
  void aJobThatIsNoNodeAddsNone() {
    api.ready(submitted(",\"queue\":\"" + queue + "\""));

    Answer refused = complete(leased(), echoes(1));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("spawn");
  }

  private static String echoes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"type\":\"echo\",\"payload\":1}")
        .collect(Collectors.joining(",", "{\"spawn\":[", "]}"));
  }

  private JsonNode leasedNode() {
    Answer made =
        http.post(
            "/v1/workflows",
            "{\"nodes\":[{\"name\":\"fetch\",\"type\":\"echo\",\"payload\":1,\"queue\":\""
                + queue
                + "\"},{\"name\":\"join\",\"needs\":[\"fetch\"],\"type\":\"echo\",\"payload\":1}]}");
    path = made.header("location");
    api.ready(http.get(path).json().at("/nodes/0/job_id").textValue());
    return leased();
  }

  private JsonNode leased() {
    Answer answer = http.post("/v1/queues/" + queue + "/lease", "{\"worker\":\"w\"}");
    assertThat(answer.json().path("leases")).as(answer.text()).hasSize(1);
    return answer.json().path("leases").path(0);
  }

  private Answer complete(JsonNode lease, String json) {
    return http.post("/v1/leases/" + lease.path("id").textValue() + "/complete", json);
  }
}
