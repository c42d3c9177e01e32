package io.quikqueue.rest;

import static io.quikqueue.rest.ApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many jobs a key may make. Rates are so slow here that nothing comes while a test runs. */
class QuotasTest extends RunningApi {

  private static final String ADMIN = "the-key-of-the-configuration-is-long";
  private static final String SLOW = "{\"n\":1,\"per\":\"1d\",\"burst\":%d}";
  private static final String JOB = "{\"type\":\"echo\",\"payload\":1}";
  private static final String NODE = "{\"name\":\"%s\",\"type\":\"echo\",\"payload\":1}";

  QuotasTest() {
    super(AccessTest.WithKeys.class);
  }

  private Answer created(String quota) {
    Answer made =
        http.as(ADMIN, "POST", "/v1/keys", "{\"name\":\"k\",\"role\":\"operator\"," + quota + "}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made;
  }

  private String key(String quota) {
    String key = created(quota).string("key");
    await().until(() -> http.as(key, "GET", "/v1/jobs", "").status() == 200);
    return key;
  }

  private String slow(int burst) {
    return key("\"rate\":" + SLOW.formatted(burst));
  }

  private static String batch(int jobs) {
    return "[" + String.join(",", java.util.Collections.nCopies(jobs, JOB)) + "]";
  }

  @Test
  void oneJobMoreThanTheQuotaIsToldWhenToComeAgain() {
    String key = slow(1);
    assertThat(http.as(key, "POST", "/v1/jobs", JOB).status()).isEqualTo(202);

    Answer refused = http.as(key, "POST", "/v1/jobs", JOB);

    assertProblem(refused, 429, "quota-exceeded");
    assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(86_000, 86_400);
    assertThat(refused.header("ratelimit-policy")).isEqualTo("\"jobs\";q=1;w=86400");
    assertThat(refused.header("ratelimit")).matches("\"jobs\";r=0;t=86[0-9]{3}");
    assertThat(refused.text()).doesNotContain(key.substring(20));
    await().until(() -> ((AccessTest.WithKeys) api).refused.getOrDefault("quota", 0) == 1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "/submit | {\"text\":\"t\"}",
        "/tasks/add | {\"a\":1,\"b\":2}",
        "/v1/jobs | {\"type\":\"echo\",\"payload\":1}",
        "/v1/jobs/batch | [{\"type\":\"echo\",\"payload\":1}]",
        "/v1/groups | {\"jobs\":[{\"type\":\"echo\",\"payload\":1}]}",
      })
  void whateverMakesJobsIsCounted(String path, String body) {
    String key = slow(1);
    assertThat(http.as(key, "POST", path, body).status()).isLessThan(300);
    assertProblem(http.as(key, "POST", path, body), 429, "quota-exceeded");
    assertThat(http.as(key, "GET", "/v1/jobs", "").status()).isEqualTo(200);
  }

  @Test
  void aBatchIsTakenAsAWholeOrNotAtAll() {
    String key = slow(5);
    assertThat(http.as(key, "POST", "/v1/jobs/batch", batch(3)).status()).isEqualTo(202);
    Answer refused = http.as(key, "POST", "/v1/jobs/batch", batch(3));
    assertProblem(refused, 429, "quota-exceeded");
    assertThat(refused.json().path("left").intValue()).isEqualTo(2);
    assertThat(http.as(key, "POST", "/v1/jobs/batch", batch(2)).status()).isEqualTo(202);
    assertProblem(http.as(key, "POST", "/v1/jobs/batch", batch(6)), 422, "quota-too-small");
  }

  @Test
  void aWorkflowTakesAsManyAsItHasNodes() {
    String key = slow(3);
    String two =
        "{\"name\":\"w\",\"nodes\":[" + NODE.formatted("a") + "," + NODE.formatted("b") + "]}";
    assertThat(http.as(key, "POST", "/v1/workflows", two).status()).isEqualTo(202);
    assertProblem(http.as(key, "POST", "/v1/workflows", two), 429, "quota-exceeded");
  }

  @Test
  void aTriggerOfAScheduleAndARetryAreCounted() {
    String key = slow(2);
    String schedule = "{\"every\":\"1h\",\"overlap\":\"allow_all\",\"job\":" + JOB + "}";
    assertThat(http.as(key, "PUT", "/v1/schedules/quota", schedule).status()).isEqualTo(201);
    assertThat(http.as(key, "POST", "/v1/schedules/quota/trigger", "").status()).isLessThan(300);
    String job = http.as(key, "POST", "/v1/jobs", JOB).string("id");
    assertThat(http.as(key, "POST", "/v1/jobs/" + job + "/cancel", "").status()).isEqualTo(200);

    assertProblem(http.as(key, "POST", "/v1/jobs/" + job + "/retry", ""), 429, "quota-exceeded");
    assertProblem(http.as(key, "POST", "/v1/schedules/quota/trigger", ""), 429, "quota-exceeded");
  }

  @Test
  void aRetryOfManyGoesNoFasterThanTheRate() {
    String key = key("\"rate\":{\"n\":7,\"per\":\"1s\"}");
    String body = "{\"action\":\"retry\",\"filter\":{\"queue\":\"q\"}%s}";
    assertThat(
            http.as(key, "POST", "/v1/operations", body.formatted(""))
                .json()
                .path("rate")
                .intValue())
        .isEqualTo(7);
    String faster = body.formatted(",\"rate\":8");
    assertThat(http.as(key, "POST", "/v1/operations", faster).json().path("rate").intValue())
        .isEqualTo(7);
  }

  @Test
  void asManyJobsWaitAsMayAndThoseOfOthersDoNotCount() {
    String key = key("\"max_waiting\":2");
    String other = key("\"max_waiting\":2");
    String job = http.as(key, "POST", "/v1/jobs", JOB).string("id");
    assertThat(http.as(key, "POST", "/v1/groups", "{\"jobs\":[" + JOB + "]}").status())
        .isEqualTo(202);

    Answer refused = http.as(key, "POST", "/v1/jobs", JOB);

    assertProblem(refused, 429, "quota-exceeded");
    assertThat(refused.json().path("waiting").intValue()).isEqualTo(2);
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(refused.header("ratelimit-policy")).isEqualTo("\"waiting\";q=2");
    assertThat(refused.header("ratelimit")).isEqualTo("\"waiting\";r=0");
    assertProblem(
        http.as(key, "POST", "/v1/groups", "{\"jobs\":[" + JOB + "]}"), 429, "quota-exceeded");
    assertThat(
            http.as(key, "POST", "/v1/jobs/batch", batch(1))
                .json()
                .at("/items/0/error/type")
                .textValue())
        .endsWith("quota-exceeded");
    assertThat(http.as(other, "POST", "/v1/jobs", JOB).status()).isEqualTo(202);
    assertThat(http.as(ADMIN, "POST", "/v1/jobs", JOB).status()).isEqualTo(202);
    http.as(key, "POST", "/v1/jobs/" + job + "/cancel", "");
    assertThat(http.as(key, "POST", "/v1/jobs", JOB).status()).isEqualTo(202);
  }

  @Test
  void aQuotaIsShownAndChanged() {
    Answer made = created("\"rate\":" + SLOW.formatted(9) + ",\"max_waiting\":3");
    String path = made.header("location");
    assertThat(made.json().path("rate").toString())
        .isEqualTo("{\"n\":1,\"per\":\"86400s\",\"burst\":9}");
    assertThat(made.json().path("max_waiting").intValue()).isEqualTo(3);

    Answer free = http.as(ADMIN, "PATCH", path, "{\"rate\":null}");
    assertThat(free.json().path("rate").isNull()).isTrue();
    assertThat(free.json().path("max_waiting").intValue()).isEqualTo(3);
    Answer more = http.as(ADMIN, "PATCH", path, "{\"max_waiting\":4}");
    assertThat(more.json().path("max_waiting").intValue()).isEqualTo(4);
    assertThat(
            http.as(ADMIN, "PATCH", path, "{\"name\":\"n\"}").json().path("max_waiting").intValue())
        .isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"max_waiting\":0 | max_waiting",
        "\"max_waiting\":1000000001 | max_waiting",
        "\"max_waiting\":2147483648 | max_waiting",
        "\"max_waiting\":\"1\" | max_waiting",
        "\"rate\":{\"n\":0,\"per\":\"1s\"} | rate.n",
        "\"rate\":{\"n\":1000001,\"per\":\"1s\"} | rate.n",
        "\"rate\":{\"n\":1} | rate.per",
        "\"rate\":{\"n\":1,\"per\":\"2d\"} | rate.per",
        "\"rate\":{\"n\":1,\"per\":\"1s\",\"burst\":0} | rate.burst",
        "\"rate\":{\"n\":1,\"per\":\"1s\",\"x\":0} | rate.x",
      })
  void aQuotaThatCannotBeIsNamed(String quota, String field) {
    String fields = "{\"name\":\"k\",\"role\":\"viewer\"," + quota + "}";
    for (Answer answer :
        java.util.List.of(
            http.as(ADMIN, "POST", "/v1/keys", fields),
            http.as(ADMIN, "PATCH", "/v1/keys/" + "0".repeat(16), "{" + quota + "}"))) {
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.string("field")).isEqualTo(field);
    }
  }
}
