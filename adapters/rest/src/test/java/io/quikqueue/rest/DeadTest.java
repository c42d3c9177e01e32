package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.rest.Http.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadTest extends ApiTest {

  private static final String UNKNOWN_GROUP = "0".repeat(32);

  @Test
  void failedJobsAreShownInGroupsWithASample() {
    String first = failed("one", "row 17 of \"a\" is bad");
    String second = failed("one", "row 4 of \"a\" is bad");

    JsonNode group = only("?queue=one");

    assertThat(group.path("id").textValue()).matches("[0-9a-f]{32}");
    assertThat(group.path("type").textValue()).isEqualTo("echo");
    assertThat(group.path("error_class").textValue()).isEqualTo("app.BadRow");
    assertThat(group.path("message").textValue()).isEqualTo("row {n} of \"a\" is bad");
    assertThat(group.path("status").textValue()).isEqualTo("open");
    assertThat(group.path("count").intValue()).isEqualTo(2);
    assertThat(group.path("sample_job_id").textValue()).isEqualTo(second);
    assertThat(group.path("first_seen_at").textValue())
        .isLessThanOrEqualTo(group.path("last_seen_at").textValue());
    JsonNode page = http.get("/v1/dead/" + group.path("id").textValue() + "?limit=1").json();
    assertThat(page.path("message")).isEqualTo(group.path("message"));
    assertThat(page.at("/jobs/0/id").textValue()).isEqualTo(second);
    assertThat(page.at("/jobs/0/error").textValue()).isEqualTo("row 4 of \"a\" is bad");
    JsonNode rest =
        http.get(
                "/v1/dead/%s?after=%s"
                    .formatted(group.path("id").textValue(), page.path("next").textValue()))
            .json();
    assertThat(rest.path("jobs").findValuesAsText("id")).containsExactly(first);
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void aRetriedJobIsCountedNoMore() {
    String job = failed("two", "it is gone");
    assertThat(only("?queue=two").path("count").intValue()).isEqualTo(1);

    http.post("/v1/jobs/" + job + "/retry", "");

    assertThat(groups("?queue=two")).isEmpty();
  }

  @Test
  void aGroupIsResolvedIgnoredAndOpenedAgainWithANote() {
    failed("three", "disk full on node 3");
    String path = "/v1/dead/" + only("?queue=three").path("id").textValue();

    JsonNode resolved = http.post(path + "/resolve", "{\"note\":\"more disks\"}").json();
    assertThat(resolved.path("status").textValue()).isEqualTo("resolved");
    assertThat(resolved.path("note").textValue()).isEqualTo("more disks");
    assertThat(resolved.path("by").textValue()).isEqualTo("anonymous");
    assertThat(resolved.path("status_at").isTextual()).isTrue();
    assertThat(groups("?queue=three&status=resolved")).hasSize(1);
    assertThat(groups("?queue=three&status=OPEN")).isEmpty();

    failed("three", "disk full on node 4");
    assertThat(only("?queue=three").path("status").textValue()).isEqualTo("open");

    assertThat(
            http.send("POST", path + "/ignore", BodyPublishers.noBody())
                .json()
                .path("status")
                .textValue())
        .isEqualTo("ignored");
    failed("three", "disk full on node 5");
    assertThat(only("?queue=three").path("status").textValue()).isEqualTo("ignored");
    assertThat(http.post(path + "/reopen", "{}").json().path("status").textValue())
        .isEqualTo("open");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?limit=0 | limit",
        "?limit=501 | limit",
        "?queue=A%20B | queue",
        "?type= | type",
        "?status=done | status",
        "?status=open&status=open | status",
        "?state=FAILED | state",
      })
  void aParameterThatCannotBeIsNamed(String query, String parameter) {
    Answer answer = http.get("/v1/dead" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.string("field")).isEqualTo(parameter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resolve | {\"note\":7} | 422 | note",
        "ignore | {\"why\":\"x\"} | 422 | why",
        "reopen?why=x | {} | 400 | why",
        "resolve | [] | 422 | body",
      })
  void whatCannotBeSaidIsRefusedAndNamed(String verb, String body, int status, String field) {
    Answer answer = http.post("/v1/dead/" + UNKNOWN_GROUP + "/" + verb, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.string("field")).isEqualTo(field);
  }

  @Test
  void aNoteIsBounded() {
    failed("four", "it is too long");
    String path = "/v1/dead/" + only("?queue=four").path("id").textValue() + "/resolve";

    assertThat(http.post(path, note(500)).status()).isEqualTo(200);
    Answer longer = http.post(path, note(501));
    assertThat(longer.status()).isEqualTo(422);
    assertThat(longer.string("field")).isEqualTo("note");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000000000000000000000000000", "none", "0", "ä"})
  void anUnknownGroupIsNotFound(String id) {
    assertThat(http.get("/v1/dead/" + id.replace("ä", "%C3%A4")).status()).isEqualTo(404);
    assertThat(http.post("/v1/dead/" + id.replace("ä", "%C3%A4") + "/ignore", "{}").status())
        .isEqualTo(404);
  }

  @Test
  void theEndOfAPageIsBehindItsLastGroup() {
    for (char kind = 'a'; kind < 'd'; kind++) {
      failed("five", "kind " + kind);
    }
    JsonNode page = http.get("/v1/dead?queue=five&limit=2").json();
    assertThat(page.path("groups").findValuesAsText("message")).containsExactly("kind c", "kind b");

    JsonNode rest =
        http.get("/v1/dead?queue=five&limit=2&after=" + page.path("next").textValue()).json();
    assertThat(rest.path("groups").findValuesAsText("message")).containsExactly("kind a");
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void takesTheExamplesOfTheDocuments() {
    Matcher example =
        Pattern.compile(
                "curl 'localhost:8000(/v1/dead[^']*)'\\n"
                    + "curl -X POST localhost:8000(\\S+) .* -d '(.*)'")
            .matcher(Documents.all());
    assertThat(example.find()).isTrue();
    failed("six", "as in the documents");

    assertThat(http.get(example.group(1)).json().path("groups")).isNotEmpty();
    String path = example.group(2).replace("GROUP", only("?queue=six").path("id").textValue());
    assertThat(http.post(path, example.group(3)).json().path("note").textValue())
        .isEqualTo("the server is back");
  }

  private String failed(String queue, String message) {
    String id = submitted(",\"queue\":\"" + queue + "\"");
    api.change(
        id,
        job -> job.fail(new Failure(message, true, "app.BadRow", null), 0, api.clock.instant()));
    return id;
  }

  private JsonNode only(String query) {
    JsonNode groups = groups(query);
    assertThat(groups).hasSize(1);
    return groups.get(0);
  }

  private JsonNode groups(String query) {
    return http.get("/v1/dead" + query).json().path("groups");
  }

  private static String note(int length) {
    return "{\"note\":\"" + "x".repeat(length) + "\"}";
  }
}
