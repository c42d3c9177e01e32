package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.rest.Http.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs of which there is one at a time. */
class UniqueTest extends ApiTest {

  private static final String JOBS = "/v1/jobs";

  @AfterEach
  void endAll() {
    for (JsonNode job : http.get("/v1/jobs?queue=one&limit=100").json().path("jobs")) {
      http.post(JOBS + "/" + job.path("id").textValue() + "/cancel", "");
    }
  }

  private Answer submit(String payload, String unique, String... headers) {
    return http.post(JOBS, job(payload, unique), headers);
  }

  private static String job(String payload, String unique) {
    return "{\"type\":\"echo\",\"queue\":\"one\",\"payload\":%s,\"unique\":%s}"
        .formatted(payload, unique);
  }

  private JsonNode found(Answer submitted) {
    return http.get(JOBS + "/" + submitted.string("id")).json();
  }

  @Test
  void refusesASecondJobAndNamesTheFirst() {
    Answer first = submit("1", "{\"key\":\"a\"}");

    Answer second = submit("2", "{\"key\":\"a\"}");

    assertThat(first.status()).as(first.text()).isEqualTo(202);
    JsonNode problem = assertProblem(second, 409, "unique-conflict");
    assertThat(problem.path("job_id").textValue()).isEqualTo(first.string("id"));
    assertThat(problem.path("state").textValue()).isEqualTo("QUEUED");
    assertThat(problem.path("field").textValue()).isEqualTo("unique");
    http.post(JOBS + "/" + first.string("id") + "/cancel", "");
    assertThat(submit("2", "{\"key\":\"a\"}").status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":1,"b":[2,"x"]} | {"b":[20e-1,"\\u0078"], "a":1.0} | true
          0                   | -0.0e7                           | true
          1000                | 1E+3                             | true
          1e400               | 10e399                           | true
          0.10                | 1e-1                             | true
          1                   | -1                               | false
          1                   | "1"                              | false
          1e400               | 1e401                            | false
          [1,2]               | [2,1]                            | false
          {"a":null}          | {}                               | false
          12                  | 120                              | false
          """)
  void theKeyIsThePayloadsValueUnlessOneIsNamed(String one, String other, boolean same) {
    Answer first = submit(one, "{}");
    Answer second = submit(other, "{}");

    assertThat(first.status()).as(first.text()).isEqualTo(202);
    assertThat(second.status()).as(second.text()).isEqualTo(same ? 409 : 202);
  }

  @Test
  void aKeyCountsInItsQueueOrForItsType() {
    String fields = ",\"unique\":{\"key\":\"b\",\"within\":\"%s\"}";
    submitted(",\"queue\":\"one\"" + fields.formatted("queue"));
    submitted(fields.formatted("queue"));
    String typed = submitted(",\"queue\":\"one\"" + fields.formatted("type"));

    Answer elsewhere =
        http.post(JOBS, "{\"type\":\"echo\",\"payload\":1" + fields.formatted("type") + "}");

    JsonNode problem = assertProblem(elsewhere, 409, "unique-conflict");
    assertThat(problem.path("job_id").textValue()).isEqualTo(typed);
  }

  @Test
  void showsWhatMakesAJobUnique() {
    Answer named =
        submit(
            "1",
            "{\"key\":\"c\",\"within\":\"type\",\"states\":[\"DONE\",\"QUEUED\"],\"for\":\"1h\"}");
    Answer plain = submit("1", "{}");

    assertThat(named.json().path("unique").toString())
        .isEqualTo(
            "{\"key\":\"c\",\"within\":\"type\",\"states\":[\"QUEUED\",\"DONE\"],\"for\":\"3600s\"}");
    assertThat(found(plain).path("unique").toString())
        .isEqualTo(
            "{\"within\":\"queue\",\"states\":[\"WAITING\",\"SCHEDULED\",\"QUEUED\",\"RUNNING\","
                + "\"RETRYING\"]}");
    assertThat(http.get(JOBS + "/" + submitted("")).json().has("unique")).isFalse();
  }

  @Test
  void answersWithTheJobThatIsThere() {
    Answer first = submit("1", "{\"key\":\"d\"}");

    Answer second = submit("2", "{\"key\":\"d\",\"on_conflict\":\"return_existing\"}");

    assertThat(second.status()).as(second.text()).isEqualTo(202);
    assertThat(second.header("unique-conflict")).isEqualTo("existing");
    assertThat(second.header("location")).isEqualTo(first.header("location"));
    assertThat(second.json().path("payload").intValue()).isEqualTo(1);
    assertThat(first.header("unique-conflict")).isNull();
  }

  @Test
  void replacesAJobThatWaits() {
    String replace = "{\"key\":\"e\",\"on_conflict\":\"replace\"}";
    Answer first = submit("1", replace);

    Answer second = submit("2", replace);

    assertThat(second.status()).as(second.text()).isEqualTo(202);
    assertThat(second.header("unique-conflict")).isEqualTo("replaced");
    assertThat(second.string("id")).isEqualTo(first.string("id"));
    assertThat(found(first).path("payload").intValue()).isEqualTo(2);
    api.change(first.string("id"), job -> job.start(api.clock.instant()));
    JsonNode problem = assertProblem(submit("3", replace), 409, "unique-conflict");
    assertThat(problem.path("state").textValue()).isEqualTo(JobState.RUNNING.name());
    assertThat(found(first).path("payload").intValue()).isEqualTo(2);
  }

  @Test
  void putsAJobOffWithEachSubmit() {
    String debounce =
        "{\"key\":\"f\",\"on_conflict\":\"debounce\",\"debounce\":{\"wait\":\"1h\",\"max_wait\":\"90m\"}}";
    Answer first = submit("1", debounce);
    Answer second = submit("2", debounce);

    assertThat(first.string("state")).isEqualTo("SCHEDULED");
    assertThat(second.status()).as(second.text()).isEqualTo(202);
    assertThat(second.string("id")).isEqualTo(first.string("id"));
    assertThat(second.string("state")).isEqualTo("SCHEDULED");
    assertThat(second.json().path("payload").intValue()).isEqualTo(2);
    Instant created = Instant.parse(first.string("created_at"));
    Instant due = Instant.parse(second.string("due_at"));
    assertThat(due)
        .isAfter(Instant.parse(first.string("due_at")))
        .isBefore(created.plus(Duration.ofMinutes(90)));
  }

  @Test
  void eachItemOfABatchHasItsOwnOutcome() {
    String plain = job("1", "{\"key\":\"g\"}");
    String existing = job("2", "{\"key\":\"g\",\"on_conflict\":\"return_existing\"}");
    String replace = job("3", "{\"key\":\"g\",\"on_conflict\":\"replace\"}");
    String wrong = job("4", "{\"key\":7}");

    JsonNode items =
        http.post(
                "/v1/jobs/batch",
                "[%s,%s,%s,%s,%s]".formatted(plain, plain, existing, replace, wrong))
            .json()
            .path("items");

    String id = items.at("/0/id").textValue();
    assertThat(items.at("/0").has("unique_conflict")).isFalse();
    assertThat(items.at("/1/error/status").intValue()).isEqualTo(409);
    assertThat(items.at("/1/error/job_id").textValue()).isEqualTo(id);
    assertThat(items.at("/2/id").textValue()).isEqualTo(id);
    assertThat(items.at("/2/unique_conflict").textValue()).isEqualTo("existing");
    assertThat(items.at("/3/id").textValue()).isEqualTo(id);
    assertThat(items.at("/3/unique_conflict").textValue()).isEqualTo("replaced");
    assertThat(items.at("/4/error/field").textValue()).isEqualTo("unique.key");
    assertThat(http.get(JOBS + "/" + id).json().path("payload").intValue()).isEqualTo(3);
  }

  @Test
  void aJobWhoseKeyIsTakenIsNotRetried() {
    Answer failed = submit("1", "{\"key\":\"h\"}");
    api.fail(failed.string("id"), "boom");
    Answer holder = submit("2", "{\"key\":\"h\"}");

    Answer retry = http.post(JOBS + "/" + failed.string("id") + "/retry", "");

    JsonNode problem = assertProblem(retry, 409, "unique-conflict");
    assertThat(problem.path("job_id").textValue()).isEqualTo(holder.string("id"));
    assertThat(found(failed).path("state").textValue()).isEqualTo("FAILED");
    http.post(JOBS + "/" + holder.string("id") + "/cancel", "");
    assertThat(http.post(JOBS + "/" + failed.string("id") + "/retry", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7                                            | wrong-type    | unique
          {"key":7}                                    | wrong-type    | unique.key
          {"key":""}                                   | invalid-value | unique.key
          {"key":"a\\tb"}                              | invalid-value | unique.key
          {"within":"world"}                           | invalid-value | unique.within
          {"within":1}                                 | wrong-type    | unique.within
          {"states":"QUEUED"}                          | wrong-type    | unique.states
          {"states":[1]}                               | wrong-type    | unique.states
          {"states":[]}                                | invalid-value | unique.states
          {"states":["QUEUED","SLEEPING"]}             | invalid-value | unique.states.1
          {"for":"soon"}                               | invalid-value | unique.for
          {"for":"0s"}                                 | invalid-value | unique.for
          {"for":5}                                    | wrong-type    | unique.for
          {"on_conflict":"explode"}                    | invalid-value | unique.on_conflict
          {"on_conflict":{}}                           | wrong-type    | unique.on_conflict
          {"on_conflict":"debounce"}                   | invalid-value | unique.debounce.wait
          {"debounce":{"wait":"1s"}}                   | invalid-value | unique.debounce
          {"debounce":5}                               | wrong-type    | unique.debounce
          {"on_conflict":"debounce","debounce":{"wait":"0s"}} | invalid-value | unique.debounce.wait
          {"on_conflict":"debounce","debounce":{"wait":"2s","max_wait":"1s"}} | invalid-value | unique.debounce.max_wait
          {"on_conflict":"debounce","debounce":{"wait":"2s","most":"1s"}} | unknown-field | unique.debounce.most
          {"keys":"a"}                                 | unknown-field | unique.keys
          """)
  void saysWhatIsWrong(String unique, String kind, String field) {
    assertFieldProblem(submit("1", unique), 422, kind, field);
  }

  @Test
  void theExamplesOfTheDocumentsAreAccepted() {
    String section = Documents.section("## One job at a time");
    List<String> examples =
        Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
            .matcher(section)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(examples).hasSize(4);
    for (String example : examples) {
      String mine = example.replaceFirst("\\{", "{\"queue\":\"one\",");
      Answer first = http.post(JOBS, mine);
      Answer second = http.post(JOBS, mine);
      assertThat(first.status()).as(first.text()).isEqualTo(202);
      boolean rejects = !example.contains("on_conflict");
      assertThat(second.status()).as(second.text()).isEqualTo(rejects ? 409 : 202);
      assertThat(second.string(rejects ? "job_id" : "id")).isEqualTo(first.string("id"));
    }
  }

  @Test
  void aTimeGoesNotTogetherWithDebounce() {
    String debounce = ",\"unique\":{\"on_conflict\":\"debounce\",\"debounce\":{\"wait\":\"1s\"}}}";
    String delayed = "{\"type\":\"echo\",\"payload\":1,\"delay\":\"1s\"" + debounce;
    String dated = delayed.replace("\"delay\":\"1s\"", "\"run_at\":\"2030-01-01T00:00:00Z\"");

    assertFieldProblem(http.post(JOBS, delayed), 422, "invalid-value", "delay");
    assertFieldProblem(http.post(JOBS, dated), 422, "invalid-value", "run_at");
  }
}
