package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.rest.Http.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose ends somebody wants to hear of. */
class CallbackTest extends ApiTest {

  private static final String URL = "https://example.com/hook?key=1";

  @Test
  void showsWhoIsToldOfWhatAndByWhichJob() {
    String id = submitted(",\"callback\":{\"url\":\"" + URL + "\",\"on\":[\"failed\",\"done\"]}");
    assertThat(callback(id).toString())
        .isEqualTo("{\"url\":\"" + URL + "\",\"on\":[\"done\",\"failed\"]}");

    api.succeed(id, "1", null);

    JsonNode callback = callback(id);
    assertThat(callback.path("state").textValue()).isEqualTo("QUEUED");
    JsonNode job = http.get("/v1/jobs/" + callback.path("job_id").textValue()).json();
    assertThat(job.path("type").textValue()).isEqualTo(CallbackJobs.TYPE);
    assertThat(job.path("queue").textValue()).isEqualTo("callbacks");
    assertThat(job.at("/labels/callback_of").textValue()).isEqualTo(id);
    assertThat(job.at("/payload/url").textValue()).isEqualTo(URL);
    assertThat(job.at("/payload/event/data/id").textValue()).isEqualTo(id);
    assertThat(job.has("callback")).isFalse();
  }

  @Test
  void listsShowItToo() {
    String id = submitted(",\"labels\":{\"told\":\"1\"},\"callback\":{\"url\":\"" + URL + "\"}");
    http.post("/v1/jobs/" + id + "/cancel", "");

    JsonNode listed = http.get("/v1/jobs?label=told:1").json().at("/jobs/0/callback");

    assertThat(listed.path("on")).hasSize(4);
    assertThat(listed.path("job_id")).isEqualTo(callback(id).path("job_id"));
    assertThat(http.get("/v1/jobs?label=callback_of:" + id).json().at("/jobs/0/id"))
        .isEqualTo(listed.path("job_id"));
  }

  @Test
  void tellsOfEveryEndUnlessItIsSaid() {
    for (String on : new String[] {"", ",\"on\":null"}) {
      String id = submitted(",\"callback\":{\"url\":\"" + URL + "\"" + on + "}");

      assertThat(callback(id).path("on").toString())
          .isEqualTo("[\"done\",\"failed\",\"cancelled\",\"expired\"]");
    }
    assertThat(callback(submitted(",\"callback\":null")).isMissingNode()).isTrue();
  }

  @Test
  void hasNoJobAfterAnEndThatIsNotToldOf() {
    String id = submitted(",\"callback\":{\"url\":\"" + URL + "\",\"on\":[\"expired\"]}");
    api.fail(id, "boom");

    assertThat(callback(id).has("job_id")).isFalse();
  }

  @Test
  void eachItemOfABatchHasItsOwn() {
    JsonNode items =
        http.post(
                "/v1/jobs/batch",
                """
                [{"type":"echo","payload":1,"callback":{"url":"https://example.com"}},
                 {"type":"echo","payload":2,"callback":{"url":"example.com"}},
                 {"type":"echo","payload":3}]
                """)
            .json()
            .path("items");

    assertThat(callback(items.at("/0/id").textValue()).path("url").textValue())
        .isEqualTo("https://example.com");
    assertThat(items.at("/1/error/field").textValue()).isEqualTo("callback.url");
    assertThat(callback(items.at("/2/id").textValue()).isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7                                             | wrong-type    | callback
          {}                                            | missing-field | callback.url
          {"on":["done"]}                               | missing-field | callback.url
          {"url":null}                                  | missing-field | callback.url
          {"url":7}                                     | wrong-type    | callback.url
          {"url":""}                                    | invalid-value | callback.url
          {"url":"ftp://example.com"}                   | invalid-value | callback.url
          {"url":"https://user:pw@example.com"}         | invalid-value | callback.url
          {"url":"https://a/\\n"}                       | invalid-value | callback.url
          {"url":"https://a","on":"done"}               | wrong-type    | callback.on
          {"url":"https://a","on":[1]}                  | wrong-type    | callback.on
          {"url":"https://a","on":[]}                   | invalid-value | callback.on
          {"url":"https://a","on":["done","DONE"]}      | invalid-value | callback.on.1
          {"url":"https://a","on":["done","running"]}   | invalid-value | callback.on.1
          {"url":"https://a","on":["done","done","done","done","done"]} | invalid-value | callback.on
          {"url":"https://a","to":"b"}                  | unknown-field | callback.to
          """)
  void saysWhatIsWrong(String callback, String kind, String field) {
    Answer answer =
        http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1,\"callback\":" + callback + "}");

    assertFieldProblem(answer, 422, kind, field);
  }

  @Test
  void aUrlMayHave2048Characters() {
    String most = "https://a/" + "x".repeat(2048 - "https://a/".length());

    submitted(",\"callback\":{\"url\":\"" + most + "\"}");

    Answer more =
        http.post(
            "/v1/jobs",
            "{\"type\":\"echo\",\"payload\":1,\"callback\":{\"url\":\"" + most + "x\"}}");
    assertFieldProblem(more, 422, "invalid-value", "callback.url");
  }

  @Test
  void nobodySubmitsACallbackOfHisOwn() {
    String payload = "{\"url\":\"https://a\",\"event\":{\"type\":\"job.done\"}}";

    Answer forged =
        http.post("/v1/jobs", "{\"type\":\"quikqueue.callback\",\"payload\":" + payload + "}");

    assertFieldProblem(forged, 422, "invalid-value", "type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          callbacks | {"worker":"w"}
          callbacks | {"worker":"w","types":["quikqueue.callback"]}
          default   | {"worker":"w","types":["echo","quikqueue.callback"]}
          """)
  void noWorkerOutsideLeasesOne(String queue, String request) {
    Answer answer = http.post("/v1/queues/" + queue + "/lease", request);

    assertFieldProblem(answer, 422, "invalid-value", "types");
  }

  @Test
  void theExampleOfTheDocumentsIsAccepted() {
    Matcher example =
        Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
            .matcher(Documents.section("## Callbacks"));
    assertThat(example.find()).isTrue();

    Answer answer = http.post("/v1/jobs", example.group(1));

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.json().at("/callback/on")).hasSize(2);
  }

  private JsonNode callback(String id) {
    return http.get("/v1/jobs/" + id).json().path("callback");
  }
}
