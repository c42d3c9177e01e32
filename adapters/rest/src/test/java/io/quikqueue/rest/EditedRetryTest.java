package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.rest.Http.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditedRetryTest extends ApiTest {

  private String failed(String body) {
    Answer answer = http.post("/v1/jobs", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    String id = answer.string("id");
    api.change(id, job -> job.start(api.clock.instant()));
    api.fail(id, "no such customer");
    return id;
  }

  private String failed() {
    return failed("{\"type\":\"echo\",\"payload\":{\"customer\":1}}");
  }

  private Answer retry(String id, String body) {
    return http.post("/v1/jobs/" + id + "/retry", body);
  }

  private JsonNode generations(String id) {
    return http.get("/v1/jobs/" + id + "/generations").json();
  }

  @Test
  void anotherPayloadIsANewGenerationAndTheHistoryOfBothStays() {
    String id = failed();

    Answer retried =
        retry(
            id,
            """
            {"payload": {"customer": 2}, "priority": 1, "timeout": "5s",
             "retry": {"max_attempts": 9}}
            """);

    assertThat(retried.status()).as(retried.text()).isEqualTo(200);
    assertThat(retried.string("state")).isEqualTo("QUEUED");
    assertThat(retried.json().path("generation").intValue()).isEqualTo(2);
    assertThat(retried.json().path("attempt").intValue()).isEqualTo(2);
    assertThat(retried.json().at("/payload/customer").intValue()).isEqualTo(2);
    assertThat(retried.json().path("priority").intValue()).isEqualTo(1);
    assertThat(retried.string("timeout")).isEqualTo("5s");
    assertThat(retried.json().at("/retry/max_attempts").intValue()).isEqualTo(9);
    api.succeed(id, "1", "done");
    JsonNode job = http.get("/v1/jobs/" + id).json();
    assertThat(job.path("generation").intValue()).isEqualTo(2);
    assertThat(job.path("attempts").findValuesAsText("generation")).containsExactly("1", "2");
    JsonNode all = generations(id);
    assertThat(all.path("generation").intValue()).isEqualTo(2);
    JsonNode first = all.path("earlier").path(0);
    assertThat(all.path("earlier")).hasSize(1);
    assertThat(first.path("generation").intValue()).isEqualTo(1);
    assertThat(first.path("state").textValue()).isEqualTo("FAILED");
    assertThat(first.path("attempt").intValue()).isEqualTo(1);
    assertThat(first.path("error").textValue()).isEqualTo("no such customer");
    assertThat(first.at("/payload/customer").intValue()).isEqualTo(1);
    assertThat(first.path("ended_at").isTextual()).isTrue();
    assertThat(first.path("retried_at").isTextual()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{}", "{\"payload\":{\"customer\":1},\"priority\":null,\"retry\":null}"})
  void whoChangesNothingRetriesTheSameGeneration(String body) {
    String id = failed();

    Answer retried = retry(id, body);

    assertThat(retried.status()).as(retried.text()).isEqualTo(200);
    assertThat(retried.json().path("generation").intValue()).isEqualTo(1);
    assertThat(generations(id).path("earlier")).isEmpty();
  }

  @Test
  void theSecondOfTwoRetriesIsRefused() {
    String id = failed();
    assertThat(retry(id, "{\"payload\":2}").status()).isEqualTo(200);

    assertProblem(retry(id, "{\"payload\":3}"), 409, "state-conflict");

    assertThat(http.get("/v1/jobs/" + id).json().path("payload").intValue()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "unknown-field | queue              | {\"queue\":\"a\"}",
        "unknown-field | type               | {\"type\":\"add\"}",
        "wrong-type    | priority           | {\"priority\":\"1\"}",
        "invalid-value | priority           | {\"priority\":10}",
        "invalid-value | timeout            | {\"timeout\":\"7h\"}",
        "invalid-value | timeout            | {\"timeout\":\"0s\"}",
        "invalid-value | retry.max_attempts | {\"retry\":{\"max_attempts\":1001}}",
        "invalid-value | retry.max_crashes  | {\"retry\":{\"max_crashes\":6}}",
        "unknown-field | retry.x            | {\"retry\":{\"x\":1}}",
        "wrong-type    | body               | []",
      })
  void namesTheFieldAtFault(String kind, String field, String body) {
    String id = failed();

    assertFieldProblem(retry(id, body), 422, kind, field);

    assertThat(http.get("/v1/jobs/" + id).string("state")).isEqualTo("FAILED");
  }

  @Test
  void aPayloadThatItsTypeCouldNotUseIsRefused() {
    String id = failed("{\"type\":\"http\",\"payload\":{\"url\":\"http://a\"}}");

    JsonNode problem =
        assertProblem(retry(id, "{\"payload\":{\"bad/key\":1}}"), 422, "invalid-payload");

    assertThat(problem.path("pointer").textValue()).isEqualTo("/payload/bad~1key");
    assertThat(generations(id).path("earlier")).isEmpty();
  }

  @Test
  void aBodyMustBeJsonAndNoLargerThanThatOfASubmit() {
    String id = failed();

    assertThat(retry(id, "{\"payload\":\"" + "x".repeat(ApiUnderTest.MAX_BODY) + "\"}").status())
        .isEqualTo(413);
    assertThat(retry(id, "{").status()).isEqualTo(400);
    assertThat(http.get("/v1/jobs/" + id).string("state")).isEqualTo("FAILED");
    int most = ApiUnderTest.MAX_BODY - "{\"payload\":\"\"}".length();
    assertThat(retry(id, "{\"payload\":\"" + "x".repeat(most) + "\"}").status()).isEqualTo(200);
  }

  @Test
  void aMaskedSecretStaysAsItWas() {
    String id =
        failed(
            "{\"type\":\"http\",\"payload\":{\"url\":\"http://a\",\"headers\":"
                + "{\"authorization\":\"Bearer 1\",\"x-api-key\":\"k\",\"a\":\"b\"}}}");
    String shown = http.get("/v1/jobs/" + id).json().path("payload").toString();
    assertThat(shown).doesNotContain("Bearer");

    Answer elsewhere = retry(id, "{\"payload\":" + shown.replace("http://a", "http://b") + "}");
    assertThat(elsewhere.status()).as("to another server").isEqualTo(422);
    assertThat(elsewhere.text()).contains("payload/headers/authorization");

    Answer retried =
        retry(
            id,
            "{\"payload\":"
                + shown
                    .replace("http://a", "http://a/new")
                    .replace("\"x-api-key\":\"[REDACTED]\"", "\"x-api-key\":\"new\"")
                + "}");

    assertThat(retried.status()).as(retried.text()).isEqualTo(200);
    assertThat(retried.text()).doesNotContain("Bearer");
    assertThat(api.ready(id).spec().payload())
        .isEqualTo(
            "{\"url\":\"http://a/new\",\"headers\":"
                + "{\"authorization\":\"Bearer 1\",\"x-api-key\":\"new\",\"a\":\"b\"}}");
    assertThat(http.get("/v1/jobs/" + id + "/generations").text())
        .contains("http://a")
        .doesNotContain("Bearer");
  }

  @Test
  void aJobThatIsUniqueByItsPayloadIsSoByTheNewOne() {
    String one = "{\"type\":\"echo\",\"payload\":\"one\",\"unique\":{}}";
    String two = one.replace("one", "two");
    String id = failed(one);

    assertThat(retry(id, "{\"payload\":\"two\"}").status()).isEqualTo(200);

    JsonNode taken = assertProblem(http.post("/v1/jobs", two), 409, "unique-conflict");
    assertThat(taken.path("job_id").textValue()).isEqualTo(id);
    assertThat(http.post("/v1/jobs", one).status()).isEqualTo(202);
  }

  @Test
  void anUnknownJobHasNoGenerations() {
    String unknown = "/v1/jobs/0193512d-8c3e-7a4b-9f10-2b6f3c1d5e70/";

    assertProblem(http.get(unknown + "generations"), 404, "unknown-job");
    assertProblem(http.post(unknown + "retry", "{\"payload\":1}"), 404, "unknown-job");
    assertThat(http.get("/v1/jobs/" + failed() + "/generations?x=1").status()).isEqualTo(400);
  }

  @Test
  void theExampleOfTheDocumentsWorks() {
    String documents = Documents.all();
    Matcher example = Pattern.compile("/v1/jobs/ID/retry .*-d '(\\{[^']*})'").matcher(documents);
    assertThat(example.find()).isTrue();

    Answer retried = retry(failed(), example.group(1));

    assertThat(retried.status()).as(retried.text()).isEqualTo(200);
    assertThat(retried.json().path("generation").intValue()).isEqualTo(2);
  }
}
