package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.rest.Http.Answer;
import org.junit.jupiter.api.Test;

class FaultsTest extends ApiTest {

  private static final String JOB = "{\"type\":\"echo\",\"payload\":1}";

  @Test
  void answers503WhenTheStoreIsAway() {
    String id = submitted("");
    api.store.before(
        () -> {
          throw new UnavailableException("store", "jdbc:secret");
        });

    for (Answer answer :
        new Answer[] {
          http.post("/v1/jobs", JOB),
          http.post("/submit", "{\"text\":\"a\"}"),
          http.get("/results/" + id),
          http.get("/results/" + id + "?wait=90s"),
          http.get("/v1/jobs/" + id),
          http.get("/v1/jobs"),
          http.post("/v1/jobs/" + id + "/cancel", "")
        }) {
      assertProblem(answer, 503, "unavailable");
      assertThat(answer.header("retry-after")).isEqualTo("1");
      assertThat(answer.text()).doesNotContain("secret");
    }
  }

  @Test
  void answers503WhenThereIsTooMuchToDo() {
    api.store.before(
        () -> {
          throw new OverloadedException();
        });

    Answer answer = http.post("/v1/jobs", JOB);

    assertProblem(answer, 503, "overloaded");
    assertThat(answer.header("retry-after")).isEqualTo("1");
  }

  @Test
  void tellsNothingOfWhatShouldNotHappenButAnId() {
    for (RuntimeException bug :
        new RuntimeException[] {
          new IllegalStateException("secret"),
          new IllegalArgumentException("secret"),
          new NullPointerException("secret")
        }) {
      api.store.before(
          () -> {
            throw bug;
          });

      Answer answer = http.get("/v1/jobs");

      JsonNode problem = assertProblem(answer, 500, "internal-error");
      assertThat(problem.path("error_id").textValue()).matches("[0-9a-f]{16}");
      assertThat(answer.text()).doesNotContain("secret").doesNotContain("Exception");
    }
  }
}
