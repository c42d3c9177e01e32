package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.rest.Http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another priority or queue for a job that waits. */
class MoveTest extends ApiTest {

  private Answer move(String id, String body) {
    return http.patch("/v1/jobs/" + id, body);
  }

  @Test
  void aJobGetsWhatTheRequestNamesAndKeepsTheRest() {
    String id = submitted(",\"queue\":\"here\",\"priority\":7,\"delay\":\"1h\"");

    JsonNode first = move(id, "{\"priority\":0,\"queue\":null}").json();
    assertThat(first.path("priority").intValue()).isZero();
    assertThat(first.path("queue").textValue()).isEqualTo("here");
    JsonNode second = move(id, "{\"queue\":\"there\"}").json();
    assertThat(second.path("priority").intValue()).isZero();
    assertThat(second.path("queue").textValue()).isEqualTo("there");
    assertThat(second.path("state").textValue()).isEqualTo("SCHEDULED");
    assertThat(second.path("due_at")).isEqualTo(first.path("due_at"));
    assertThat(http.get("/v1/jobs?queue=there").json().path("jobs")).hasSize(1);

    JsonNode again = move(id, "{\"priority\":0,\"queue\":\"there\"}").json();
    assertThat(again.path("attempt")).isEqualTo(second.path("attempt"));
  }

  @Test
  void aJobThatMovesFollowsThePolicyOfItsNewQueue() {
    String id = submitted("");

    assertThat(move(id, "{\"queue\":\"patient\"}").json().at("/retry/max_attempts").intValue())
        .isEqualTo(9);
  }

  @Test
  void aJobThatRunsIsLeftAlone() throws InterruptedException {
    String marked = submitted("");
    api.change(marked, job -> job.start(api.clock.instant()));
    JsonNode refused = assertProblem(move(marked, "{\"priority\":0}"), 409, "state-conflict");
    assertThat(refused.path("detail").textValue()).endsWith("is RUNNING: cannot move");

    String unmarked = submitted(",\"queue\":\"taken\"");
    var unused = api.ready(unmarked);
    TakeRequest take =
        TakeRequest.ofAllTypes("w", List.of("taken"), 1, Duration.ofSeconds(30), Duration.ZERO);
    assertThat(api.ready.take(take)).anyMatch(job -> job.id().toString().equals(unmarked));
    assertProblem(move(unmarked, "{\"priority\":0}"), 409, "job-conflict");
    assertThat(http.get("/v1/jobs/" + unmarked).json().path("priority").intValue()).isEqualTo(5);

    api.succeed(marked, "1", null);
    assertProblem(move(marked, "{\"priority\":0}"), 409, "state-conflict");
  }

  @Test
  void whatIsTiedToItsQueueStaysThere() {
    String ordered = submitted(",\"ordering_key\":\"k\",\"queue\":\"tied\"");
    String unique = submitted(",\"unique\":{\"key\":\"k\"},\"queue\":\"tied\"");
    for (String id : new String[] {ordered, unique}) {
      assertProblem(move(id, "{\"queue\":\"free\"}"), 409, "job-conflict");
      assertThat(move(id, "{\"priority\":1,\"queue\":\"tied\"}").status()).isEqualTo(200);
    }
    String ofType = submitted(",\"unique\":{\"key\":\"m\",\"within\":\"type\"},\"queue\":\"tied\"");
    assertThat(move(ofType, "{\"queue\":\"free\"}").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | body",
        "{'priority':null,'queue':null} | body",
        "{'priority':-1} | priority",
        "{'priority':10} | priority",
        "{'priority':1.5} | priority",
        "{'priority':'1'} | priority",
        "{'queue':''} | queue",
        "{'queue':'A'} | queue",
        "{'queue':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'} | queue",
        "{'queue':[]} | queue",
        "{'priority':1,'type':'echo'} | type",
        "[] | body",
      })
  void whatCannotBeIsRefusedAndNamed(String body, String field) {
    Answer answer = move(submitted(""), body.replace('\'', '"'));

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.string("field")).isEqualTo(field);
  }

  @Test
  void whatIsJustWithinTheBoundsIsTaken() {
    String id = submitted("");
    for (String body :
        new String[] {
          "{\"priority\":0}", "{\"priority\":9}", "{\"queue\":\"" + "a".repeat(64) + "\"}"
        }) {
      assertThat(move(id, body).status()).isEqualTo(200);
    }
  }

  @Test
  void anUnknownJobIsNotFound() {
    assertProblem(move(UNKNOWN_ID, "{\"priority\":1}"), 404, "unknown-job");
    assertFieldProblem(move("x", "{\"priority\":1}"), 400, "invalid-parameter", "id");
    assertThat(move(UNKNOWN_ID + "?a=b", "{\"priority\":1}").status()).isEqualTo(400);
  }

  @Test
  void takesTheExampleOfTheDocuments() {
    Matcher example =
        Pattern.compile("curl -X PATCH localhost:8000/v1/jobs/[^\\n]* -d '(\\{.*?})'")
            .matcher(Documents.all());
    assertThat(example.find()).isTrue();

    JsonNode moved = move(submitted(""), example.group(1)).json();
    assertThat(moved.path("priority").intValue()).isEqualTo(1);
    assertThat(moved.path("queue").textValue()).isEqualTo("urgent");
  }
}
