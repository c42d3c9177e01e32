package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.rest.Http.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that are one for each item of a list. Each test has a queue of its own. */
class ForEachTest extends ApiTest {

  private static int queues;

  private final String queue = "for-each-" + ++queues;
  private String path = "";

  @Test
  void oneNodeIsMadeForEachItemAndTheirResultsAreAList() {
    submit("\"max\":3,", "");
    end(0, "{\"items\":[{\"url\":\"a\"},{\"url\":\"b\"},{\"url\":\"c\",\"$from\":\"list\"}]}");
    lease(1);

    JsonNode nodes = nodes();
    assertThat(nodes).hasSize(6);
    assertThat(nodes.at("/1/state").textValue()).isEqualTo("DONE");
    assertThat(nodes.at("/2/state").textValue()).isEqualTo("WAITING");
    for (int i = 0; i < 3; i++) {
      JsonNode node = nodes.get(3 + i);
      assertThat(node.path("name").textValue()).isEqualTo("each:" + i);
      assertThat(node.path("spawned_by").textValue()).isEqualTo("each");
      JsonNode job = http.get("/v1/jobs/" + node.path("job_id").textValue()).json();
      assertThat(job.at("/payload/url").textValue()).isEqualTo("abc".substring(i, i + 1));
      assertThat(job.at("/payload/at").intValue()).isEqualTo(i);
      assertThat(job.path("queue").textValue()).isEqualTo(queue);
      assertThat(job.path("priority").intValue()).isEqualTo(3);
    }
    end(5, "30");
    end(3, "10");
    end(4, "20");
    assertThat(lease(2).at("/payload/all").toString()).isEqualTo("[10,20,30]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"items\":[1,2,3,4]} | for_each: \"list.items\" has 4 items, and max is 3",
        "{\"items\":{\"0\":1}} | for_each: \"list.items\" is no list",
        "{\"items\":null} | for_each: \"list.items\" is no list",
        "{\"more\":[]} | $from: \"list.items\" leads nowhere in the result of list",
        "{\"items\":[{\"url\":1},{}]} | for_each: item 1: $from: \"$item.url\" leads nowhere",
      })
  void aListThatCannotBeEndsTheNodeAndIsNamed(String result, String error) {
    submit("\"max\":3,", "");
    end(0, result);
    lease(1);

    JsonNode nodes = nodes();
    assertThat(nodes).hasSize(3);
    assertThat(nodes.at("/1/state").textValue()).isEqualTo("FAILED");
    assertThat(nodes.at("/2/state").textValue()).isEqualTo("SKIPPED");
    JsonNode job = http.get("/v1/jobs/" + nodes.at("/1/job_id").textValue()).json();
    assertThat(job.path("error").toString().replace("\\", "")).contains(error);
  }

  @Test
  void anEmptyListIsDoneAtOnceWithAnEmptyListOfResults() {
    submit("", "");
    end(0, "{\"items\":[]}");
    lease(1);

    assertThat(nodes()).hasSize(3);
    assertThat(lease(2).at("/payload/all").toString()).isEqualTo("[]");
  }

  @Test
  void aRetryReadsTheListAnewAndWhatFollowsGetsTheNewResults() {
    submit("", "");
    end(0, "{\"items\":[{\"url\":1},{\"url\":2}]}");
    lease(1);
    end(3, "10");
    end(4, "20");
    end(2, "1");

    Answer retried = http.post(path + "/retry", "{\"mode\":\"all\"}");
    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    end(0, "{\"items\":[{\"url\":3}]}");
    lease(1);

    JsonNode job = http.get("/v1/jobs/" + nodes().at("/3/job_id").textValue()).json();
    assertThat(job.at("/payload/url").intValue()).isEqualTo(3);
    assertThat(nodes().at("/4/state").textValue()).isEqualTo("SKIPPED");
    end(3, "30");
    assertThat(lease(2).at("/payload/all").toString()).isEqualTo("[30]");
  }

  @Test
  void aRetryMayGiveANodeForItemsAnotherPayload() {
    submit("\"max\":1,", "");
    end(0, "{\"items\":[{\"uri\":7}]}");
    lease(1);

    String payloads = "{\"payloads\":{\"each\":{\"url\":{\"$from\":\"$item.uri\"}}}}";
    assertThat(http.post(path + "/retry", payloads).status()).isEqualTo(202);
    lease(1);

    JsonNode job = http.get("/v1/jobs/" + nodes().at("/3/job_id").textValue()).json();
    assertThat(job.path("payload").toString()).isEqualTo("{\"url\":7}");
    assertThat(http.post(path + "/cancel", "").status() / 100).isEqualTo(2);
    Answer refused =
        http.post(
            path + "/retry", "{\"from\":[\"list\"],\"payloads\":{\"list\":{\"$from\":\"$item\"}}}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("payloads.list");
  }

  /** What looks like a reference in an item of a list reads nothing, and takes no secret along. */
  @Test
  void aNewPayloadIsNotRefusedForWhatTheItemsHaveInThem() {
    submit(
        "",
        "",
        ",{\"name\":\"key\",\"type\":\"echo\",\"needs\":[\"list\"],"
            + "\"payload\":{\"password\":{\"$from\":\"list\"}}}");
    end(0, "{\"items\":[{\"url\":{\"$from\":\"key\"}}]}");
    lease(1);
    JsonNode added = http.get("/v1/jobs/" + nodes().at("/4/job_id").textValue()).json();
    assertThat(added.at("/payload/url/$from").textValue()).isEqualTo("key");
    end(4, "1");
    assertThat(http.post(path + "/cancel", "").status() / 100).isEqualTo(2);

    String payloads = "{\"payloads\":{\"join\":{\"$from\":\"each.0\"}}}";
    Answer retried = http.post(path + "/retry", payloads);
    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
  }

  /** Nor does who sends the payload of such a node again with a mask in it. */
  @Test
  void dataBehindAMaskDoesNotBecomeAReference() {
    String in = "\"type\":\"echo\",\"queue\":\"" + queue + "\",\"payload\":";
    String nodes =
        "{\"nodes\":[{\"name\":\"list\",%s1},{\"name\":\"each\",\"needs\":[\"list\"],"
            + "\"for_each\":{\"$from\":\"list\"},%s{\"password\":{\"$from\":\"$item\"}}}]}";
    path = http.post("/v1/workflows", nodes.formatted(in, in)).header("location");
    end(0, "[{\"$from\":\"list\"}]");
    lease(1);
    assertThat(http.post(path + "/cancel", "").status() / 100).isEqualTo(2);
    String payload = "{\"payloads\":{\"each:0\":{\"password\":\"[REDACTED]\"%s}}}";

    Answer refused = http.post(path + "/retry", payload.formatted(",\"x\":{\"$from\":\"list\"}"));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("payloads.each:0");

    Answer retried = http.post(path + "/retry", payload.formatted(""));

    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    assertThat(lease(2).at("/payload/password/$from").textValue()).isEqualTo("list");
  }

  @Test
  void aNodeThatWasNotAddedAgainMayBeDeletedAndTheWorkflowRetried() {
    submit("", "");
    end(0, "{\"items\":[{\"url\":1},{\"url\":2}]}");
    lease(1);
    end(3, "10");
    end(4, "20");
    end(2, "1");
    String retired = nodes().at("/4/job_id").textValue();
    assertThat(http.post(path + "/retry", "{\"mode\":\"all\"}").status()).isEqualTo(202);
    end(0, "{\"items\":[{\"url\":3}]}");
    lease(1);
    end(3, "30");
    assertThat(http.post(path + "/cancel", "").status() / 100).isEqualTo(2);
    assertThat(api.memory.deleteEnded(List.of(JobId.parse(retired)))).isOne();

    Answer retried = http.post(path + "/retry", "{\"payloads\":{\"join\":{\"$from\":\"each\"}}}");
    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
  }

  @Test
  void theFailureOfAnOptionalOneLeavesNullInTheList() {
    submit("\"optional\":true,", "");
    end(0, "{\"items\":[{\"url\":1},{\"url\":2}]}");
    lease(1);
    end(4, "20");
    JsonNode failed = lease(3);
    assertThat(
            http.post(
                    "/v1/leases/" + failed.path("id").textValue() + "/fail",
                    "{\"message\":\"no\",\"permanent\":true}")
                .status())
        .isEqualTo(200);

    assertThat(nodes().at("/3/optional").booleanValue()).isTrue();
    assertThat(lease(2).at("/payload/all").toString()).isEqualTo("[null,20]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"for_each\":7 | nodes.1.for_each",
        "\"for_each\":{} | nodes.1.for_each.$from",
        "\"for_each\":{\"$from\":7} | nodes.1.for_each.$from",
        "\"for_each\":{\"$from\":\"list\",\"max\":1} | nodes.1.for_each.max",
        "\"for_each\":{\"$from\":\"nobody.items\"} | nodes.1.for_each",
        "\"for_each\":{\"$from\":\"other\"} | nodes.1.for_each",
        "\"for_each\":{\"$from\":\"$item\"} | nodes.1.for_each",
        "\"for_each\":{\"$from\":\"a b\"} | nodes.1.for_each",
        "\"max\":3 | nodes.1.max",
        "\"for_each\":{\"$from\":\"list\"},\"max\":0 | nodes.1.max",
        "\"for_each\":{\"$from\":\"list\"},\"max\":10001 | nodes.1.max",
        "\"for_each\":{\"$from\":\"list\"},\"callback\":{\"url\":\"http://h\"} | nodes.1.callback",
        "\"for_each\":{\"$from\":\"list\"},\"unique\":{} | nodes.1.unique",
        "\"labels\":{},\"payload\":{\"$from\":\"$item\"} | nodes.1.payload",
        "\"for_each\":{\"$from\":\"list\"},\"payload\":{\"$from\":\"$index.a\"} | nodes.1.payload",
      })
  void whatCannotBeAskedForIsNamed(String fields, String field) {
    String payload = fields.contains("\"payload\"") ? "" : ",\"payload\":1";
    Answer refused =
        http.post(
            "/v1/workflows",
            "{\"nodes\":[{\"name\":\"list\",\"type\":\"echo\",\"payload\":1},{\"name\":\"each\","
                + "\"type\":\"echo\",\"needs\":[\"list\"],"
                + fields
                + payload
                + "},{\"name\":\"other\",\"type\":\"echo\",\"payload\":1}]}");

    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo(field);
  }

  @Test
  void aWaitIsForNoItemsAndShorthandsHaveNone() {
    String wait =
        "{\"nodes\":[{\"name\":\"a\",\"wait\":{\"for\":\"1s\"},\"for_each\":{\"$from\":\"a\"}}]}";
    String chain = "{\"jobs\":[{\"type\":\"echo\",\"payload\":1,\"for_each\":{\"$from\":\"a\"}}]}";

    assertThat(http.post("/v1/workflows", wait).json().path("field").textValue())
        .isEqualTo("nodes.0.for_each");
    assertThat(http.post("/v1/chains", chain).json().path("field").textValue())
        .isEqualTo("jobs.0.for_each");
  }

  @Test
  void aHundredMayWaitForOneThatIsForItemsAndNotOneMore() {
    assertThat(http.post("/v1/workflows", behind(100)).status()).isEqualTo(202);
    Answer refused = http.post("/v1/workflows", behind(101));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().path("field").textValue()).isEqualTo("nodes.1.for_each");
  }

  private static String behind(int size) {
    StringBuilder nodes = new StringBuilder("{\"nodes\":[{\"name\":\"list\",\"type\":\"echo\"");
    nodes.append(",\"payload\":1},{\"name\":\"each\",\"type\":\"echo\",\"needs\":[\"list\"],");
    nodes.append("\"for_each\":{\"$from\":\"list\"},\"payload\":1}");
    for (int i = 0; i < size; i++) {
      nodes.append(",{\"name\":\"n").append(i);
      nodes.append("\",\"type\":\"echo\",\"payload\":1,\"needs\":[\"each\"]}");
    }
    return nodes.append("]}").toString();
  }

  private void submit(String each, String list) {
    submit(each, list, "");
  }

  private void submit(String each, String list, String more) {
    String in = "\"type\":\"echo\",\"queue\":\"" + queue + "\",";
    Answer made =
        http.post(
            "/v1/workflows",
            "{\"nodes\":[{\"name\":\"list\","
                + in
                + list
                + "\"payload\":1},{\"name\":\"each\",\"needs\":[\"list\"],"
                + in
                + each
                + "\"priority\":3,\"for_each\":{\"$from\":\"list.items\"},\"payload\":{\"url\":"
                + "{\"$from\":\"$item.url\"},\"at\":{\"$from\":\"$index\"}}},{\"name\":\"join\","
                + "\"needs\":[\"each\"],"
                + in
                + "\"payload\":{\"all\":{\"$from\":\"each\"}}}"
                + more
                + "]}");
    assertThat(made.status()).as(made.text()).isEqualTo(202);
    path = made.header("location");
  }

  private JsonNode nodes() {
    return http.get(path).json().path("nodes");
  }

  /** Offers a node to a worker; missing = the worker does not get it. */
  private JsonNode lease(int node) {
    api.ready(nodes().at("/" + node + "/job_id").textValue());
    Answer answer = http.post("/v1/queues/" + queue + "/lease", "{\"worker\":\"w\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("leases").path(0);
  }

  private void end(int node, String result) {
    Answer done =
        http.post(
            "/v1/leases/" + lease(node).path("id").textValue() + "/complete",
            "{\"result\":" + result + "}");
    assertThat(done.status()).as(done.text()).isEqualTo(200);
  }
}
