package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.rest.Http.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest extends ApiTest {

  private static final String TYPE = "/v1/types/echo/policy";
  private static final String QUEUE = "/v1/queues/mails/policy";

  @BeforeEach
  void withoutPolicies() {
    http.delete(TYPE);
    http.delete(QUEUE);
    api.letChangesTakeEffect();
  }

  private Answer put(String path, String body, String... headers) {
    return http.send(
        "PUT",
        path,
        java.net.http.HttpRequest.BodyPublishers.ofString(body),
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("content-type", "application/json"),
                java.util.stream.Stream.of(headers))
            .toArray(String[]::new));
  }

  private JsonNode job(String fields) {
    return http.get("/v1/jobs/" + submitted(fields)).json();
  }

  @ParameterizedTest
  @ValueSource(strings = {TYPE, QUEUE})
  void whatIsSetCanBeReadChangedAndSetAgain(String path) {
    Answer set =
        put(
            path,
            """
            {"timeout": "90s", "retry": {"max_attempts": 20, "delays": ["5s", "1m"],
             "max_elapsed": "1d", "max_crashes": 5}}
            """);

    assertThat(set.status()).as(set.text()).isEqualTo(201);
    assertThat(set.text())
        .startsWith(
            "{\"timeout\":\"90s\",\"retry\":{\"max_attempts\":20,\"kind\":\"list\",\"jitter\":0.0,"
                + "\"backoff\":null,\"backoff_cap\":null,\"delays\":[\"5s\",\"60s\"],"
                + "\"max_elapsed\":\"86400s\",\"max_crashes\":5},"
                + "\"declared\":false,\"changed_by\":\"anonymous\",\"changed_at\":\"");
    Answer got = http.get(path);
    assertThat(got.json()).isEqualTo(set.json());
    assertThat(got.header("etag")).isEqualTo(set.header("etag"));
    assertThat(http.send("GET", path, noBody(), "if-none-match", got.header("etag")).status())
        .isEqualTo(304);

    Answer again = put(path, got.text().replace("20,", "21,"), "if-match", got.header("etag"));

    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.json().at("/retry/max_attempts").intValue()).isEqualTo(21);
    assertThat(again.json().at("/retry/delays")).isEqualTo(got.json().at("/retry/delays"));
    assertProblem(put(path, "{}", "if-match", got.header("etag")), 412, "precondition-failed");
    assertProblem(put(path, "{}", "if-none-match", "*"), 412, "precondition-failed");
    assertThat(http.delete(path).status()).isEqualTo(204);
    assertProblem(http.delete(path), 404, "no-policy");
    assertProblem(http.get(path), 404, "no-policy");
  }

  @Test
  void theNearestThatSaysSomethingCounts() {
    put(QUEUE, "{\"timeout\":\"9s\",\"retry\":{\"max_attempts\":2,\"max_crashes\":1}}");
    put(TYPE, "{\"retry\":{\"max_attempts\":3}}");
    api.letChangesTakeEffect();

    JsonNode both = job(",\"queue\":\"mails\"");
    assertThat(both.at("/retry/max_attempts").intValue()).isEqualTo(3);
    assertThat(both.at("/retry/max_crashes").intValue()).isEqualTo(1);
    assertThat(both.path("timeout").textValue()).isEqualTo("9s");
    JsonNode own = job(",\"queue\":\"mails\",\"timeout\":\"1s\",\"retry\":{\"max_attempts\":4}");
    assertThat(own.at("/retry/max_attempts").intValue()).isEqualTo(4);
    assertThat(own.at("/retry/max_crashes").intValue()).isEqualTo(1);
    assertThat(own.path("timeout").textValue()).isEqualTo("1s");
    assertThat(job("").at("/retry/max_attempts").intValue()).isEqualTo(3);
  }

  @Test
  void aChangeCountsForAJobThatIsRetriedByHandButForWhatItSaysItself() {
    String id = submitted(",\"retry\":{\"max_crashes\":2}");
    api.change(id, job -> job.fail(new Failure("no", true), 0, api.clock.instant()));
    put(TYPE, "{\"timeout\":\"7s\",\"retry\":{\"max_attempts\":30,\"max_crashes\":4}}");
    api.letChangesTakeEffect();

    JsonNode retried = http.post("/v1/jobs/" + id + "/retry", "").json();

    assertThat(retried.at("/retry/max_attempts").intValue()).isEqualTo(30);
    assertThat(retried.at("/retry/max_crashes").intValue()).isEqualTo(2);
    assertThat(retried.path("timeout").textValue()).isEqualTo("7s");
    assertThat(retried.path("generation").intValue()).isEqualTo(1);
  }

  @Test
  void whatAConfigurationDeclaresIsShown() {
    Answer declared = http.get("/v1/queues/patient/policy");

    assertThat(declared.json().path("declared").booleanValue()).isTrue();
    assertThat(declared.json().path("timeout").isNull()).isTrue();
    assertThat(declared.json().at("/retry/max_attempts").intValue()).isEqualTo(9);
    assertThat(declared.json().at("/retry/max_crashes").isNull()).isTrue();
    assertProblem(http.delete("/v1/queues/patient/policy"), 404, "no-policy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "unknown-field | x                  | {\"x\":1}",
        "unknown-field | retry.x            | {\"retry\":{\"x\":1}}",
        "wrong-type    | retry              | {\"retry\":[]}",
        "wrong-type    | timeout            | {\"timeout\":1}",
        "invalid-value | timeout            | {\"timeout\":\"0s\"}",
        "invalid-value | timeout            | {\"timeout\":\"6h1s\"}",
        "invalid-value | timeout            | {\"timeout\":\"7h\"}",
        "invalid-value | retry.max_attempts | {\"retry\":{\"max_attempts\":0}}",
        "invalid-value | retry.max_attempts | {\"retry\":{\"max_attempts\":1001}}",
        "invalid-value | retry.max_crashes  | {\"retry\":{\"max_crashes\":6}}",
        "invalid-value | retry.kind         | {\"retry\":{\"kind\":\"linear\"}}",
        "wrong-type    | body               | []",
      })
  void namesTheFieldAtFault(String kind, String field, String body) {
    assertFieldProblem(put(TYPE, body), 422, kind, field);
  }

  @Test
  void boundsHold() {
    String most = "{\"timeout\":\"6h\",\"retry\":{\"max_attempts\":1000,\"max_crashes\":5}}";
    assertThat(put(TYPE, most).status()).isEqualTo(201);
    assertThat(put("/v1/types/-/policy", "{}").status()).isEqualTo(422);
    assertThat(put("/v1/queues/UPPER/policy", "{}").status()).isEqualTo(422);
    assertThat(http.get(TYPE + "?x=1").status()).isEqualTo(400);
  }

  @Test
  void theExampleOfTheDocumentsWorks() {
    String documents = Documents.all();
    Matcher example =
        Pattern.compile("/v1/types/report/policy .*-d '(\\{[^']*})'").matcher(documents);
    assertThat(example.find()).isTrue();

    Answer set = put(TYPE, example.group(1));

    assertThat(set.status()).as(set.text()).isEqualTo(201);
  }
}
