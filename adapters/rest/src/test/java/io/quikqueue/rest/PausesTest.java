package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PausesTest extends ApiTest {

  @Test
  void aPausedQueueSaysSoWhereItIsLookedAt() {
    String id = submitted(",\"queue\":\"mails\"");
    Answer paused = http.post("/v1/queues/mails/pause", "{\"note\":\"the server moves\"}");

    assertThat(paused.status()).isEqualTo(200);
    JsonNode pause = paused.json();
    assertThat(pause.path("kind").textValue()).isEqualTo("queue");
    assertThat(pause.path("name").textValue()).isEqualTo("mails");
    assertThat(pause.path("note").textValue()).isEqualTo("the server moves");
    assertThat(pause.path("by").textValue()).isEqualTo("anonymous");
    assertThat(http.get("/v1/pauses").json().path("pauses")).contains(pause);
    api.letChangesTakeEffect();
    assertThat(http.get("/v1/queues/mails").json().path("paused")).isEqualTo(pause);
    assertThat(http.get("/v1/jobs/" + id).string("waiting_for"))
        .isEqualTo(
            "queue \"mails\" is paused since %s: the server moves"
                .formatted(pause.path("at").textValue()));

    Answer resumed = http.post("/v1/queues/mails/resume", new byte[0]);

    assertThat(resumed.status()).isEqualTo(200);
    assertThat(resumed.json().path("was_paused").booleanValue()).isTrue();
    api.letChangesTakeEffect();
    assertThat(http.get("/v1/queues/mails").json().path("paused").isNull()).isTrue();
    assertThat(http.get("/v1/pauses").json().path("pauses")).doesNotContain(pause);
  }

  @Test
  void aTypeIsPausedWithoutABody() {
    api.memory.heartbeat(
        new WorkerInfo(
            "w-1",
            "host",
            7,
            Set.of(),
            Set.of("echo"),
            10,
            0,
            List.of(),
            api.clock.instant(),
            api.clock.instant()));
    String id = submitted("");
    assertThat(http.send("POST", "/v1/types/echo/pause", BodyPublishers.noBody()).status())
        .isEqualTo(200);
    api.letChangesTakeEffect();

    assertThat(http.get("/v1/jobs/" + id).string("waiting_for"))
        .startsWith("type \"echo\" is paused since ");
    assertThat(
            http.post("/v1/types/echo/resume", new byte[0]).json().path("was_paused").asBoolean())
        .isTrue();
    assertThat(
            http.post("/v1/types/echo/resume", new byte[0]).json().path("was_paused").asBoolean())
        .isFalse();
  }

  @Test
  void aGroupOfAnyNameIsPausedByABody() {
    String group = "a/b %20 \u2702";
    String id = submitted(",\"queue\":\"mails\",\"group\":\"" + group + "\"");
    Answer paused =
        http.post(
            "/v1/queues/mails/groups/pause", "{\"group\":\"" + group + "\",\"note\":\"moves\"}");

    assertThat(paused.status()).isEqualTo(200);
    JsonNode pause = paused.json();
    assertThat(pause.path("kind").textValue()).isEqualTo("group");
    assertThat(pause.path("queue").textValue()).isEqualTo("mails");
    assertThat(pause.path("name").textValue()).isEqualTo(group);
    assertThat(http.get("/v1/pauses").json().path("pauses")).contains(pause);
    api.letChangesTakeEffect();
    JsonNode job = http.get("/v1/jobs/" + id).json();
    assertThat(job.path("waiting_for").textValue())
        .isEqualTo(
            "group \"%s\" of queue \"mails\" is paused since %s: moves"
                .formatted(group, pause.path("at").textValue()));
    assertThat(job.path("waiting").toString())
        .contains(
            "{\"code\":\"group_paused\",\"passed\":false,\"value\":\"moves\","
                + "\"limit\":null,\"link\":\"/v1/pauses\"}");
    String resume = "{\"group\":\"" + group + "\"}";
    JsonNode resumed = http.post("/v1/queues/mails/groups/resume", resume).json();
    assertThat(resumed.path("was_paused").booleanValue()).isTrue();
    assertThat(resumed.path("queue").textValue()).isEqualTo("mails");
    assertThat(
            http.post("/v1/queues/mails/groups/resume", resume)
                .json()
                .path("was_paused")
                .asBoolean())
        .isFalse();
  }

  @Test
  void takesTheExampleOfTheDocuments() {
    Matcher example =
        Pattern.compile("```json\\n(\\{\"group\"[^`]*})\\n```").matcher(Documents.all());
    assertThat(example.find()).isTrue();

    Answer paused = http.post("/v1/queues/documents/groups/pause", example.group(1));

    assertThat(paused.status()).isEqualTo(200);
    assertThat(paused.string("name")).isEqualTo("acme/eu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/queues/A%20B/pause | {} | 422 | queue",
        "/v1/types/%20/pause | {} | 422 | type",
        "/v1/types/%20/resume | {} | 422 | type",
        "/v1/queues/never/pause | {\"not\":\"x\"} | 422 | not",
        "/v1/queues/never/pause | {\"note\":7} | 422 | note",
        "/v1/queues/never/pause?why=x | {} | 400 | why",
        "/v1/queues/never/groups/pause | {} | 422 | group",
        "/v1/queues/never/groups/pause | {\"group\":null} | 422 | group",
        "/v1/queues/never/groups/pause | {\"group\":7} | 422 | group",
        "/v1/queues/never/groups/pause | {\"group\":\"\"} | 422 | group",
        "/v1/queues/never/groups/pause | {\"group\":\"a\",\"note\":7} | 422 | note",
        "/v1/queues/never/groups/resume | {\"group\":\"a\",\"note\":\"x\"} | 422 | note",
        "/v1/queues/A%20B/groups/pause | {\"group\":\"a\"} | 422 | queue",
        "/v1/queues/never/groups/pause?why=x | {\"group\":\"a\"} | 400 | why",
        "/v1/queues/mails/resume?why=x | {} | 400 | why",
      })
  void whatCannotBeIsRefusedAndNamed(String path, String body, int status, String field) {
    Answer answer = http.post(path, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains('"' + field + '"');
    assertThat(http.get("/v1/pauses").json().path("pauses").findValuesAsText("name"))
        .doesNotContain("never");
  }

  @Test
  void aNoteIsBounded() {
    assertThat(http.post("/v1/queues/a/pause", note("x".repeat(500))).status()).isEqualTo(200);

    Answer longer = http.post("/v1/queues/a/pause", note("x".repeat(501)));

    assertThat(longer.status()).isEqualTo(422);
    assertThat(longer.text()).contains("\"note\"").contains("500");
  }

  private static String note(String text) {
    return "{\"note\":\"" + text + "\"}";
  }
}
