package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobLogs;
import io.quikqueue.domain.port.LogLine;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.rest.Http.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogsTest extends ApiTest {

  @Test
  void linesAreShownOldestFirstAndByPages() {
    String id = submitted("");
    log(id, 5);

    Answer first = logs(id, "?limit=2");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.string("state")).isEqualTo("QUEUED");
    assertThat(first.json().at("/lines/0/number").intValue()).isEqualTo(1);
    assertThat(first.json().at("/lines/0/attempt").intValue()).isEqualTo(1);
    assertThat(first.json().at("/lines/0/at").isTextual()).isTrue();
    assertThat(first.json().path("next").intValue()).isEqualTo(2);
    assertThat(texts(first)).containsExactly("line 1", "line 2");
    assertThat(texts(logs(id, "?after=2&limit=100"))).containsExactly("line 3", "line 4", "line 5");

    Answer none = logs(id, "?after=5");
    assertThat(texts(none)).isEmpty();
    assertThat(none.json().path("next").intValue()).isEqualTo(5);
  }

  @Test
  void aHundredLinesAreShownUnlessMoreAreAskedFor() {
    String id = submitted("");
    log(id, JobLogs.MOST_LINES);

    assertThat(texts(logs(id, ""))).hasSize(100);
    assertThat(texts(logs(id, "?limit=1000"))).hasSize(1000);
  }

  @Test
  void aRequestWaitsForTheNextLine() {
    String id = submitted("");
    log(id, 1);
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> logs(id, "?after=1&wait=90s"));
    await().until(() -> api.rest.waiting() > 0);
    assertThat(waiting).isNotDone();

    log(id, 1);

    assertThat(texts(waiting.join())).containsExactly("line 1");
    await().until(() -> api.rest.waiting() == 0);
  }

  @Test
  void aRequestWaitsNoLongerWhenTheJobIsOver() {
    String id = submitted("");
    CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(() -> logs(id, "?wait=90s"));
    await().until(() -> api.rest.waiting() > 0);

    http.post("/v1/jobs/" + id + "/cancel", "");

    assertThat(waiting.join().string("state")).isEqualTo("CANCELLED");
    assertThat(logs(id, "?wait=90s").string("state")).isEqualTo("CANCELLED");
  }

  @Test
  void aRequestThatWaitedInVainGetsNoLines() {
    Answer answer = logs(submitted(""), "?after=7&wait=300ms");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(texts(answer)).isEmpty();
    assertThat(answer.json().path("next").intValue()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "after=-1,after",
    "after=x,after",
    "after=99999999999,after",
    "limit=0,limit",
    "limit=1001,limit",
    "wait=x,wait",
    "wait=1h,wait",
    "bogus=1,bogus"
  })
  void whatCannotBeAskedIsRefused(String query, String parameter) {
    assertThat(
            assertProblem(logs(submitted(""), "?" + query), 400, "invalid-parameter")
                .path("field")
                .textValue())
        .isEqualTo(parameter);
  }

  @Test
  void anUnknownJobHasNoLog() {
    assertProblem(logs(UNKNOWN_ID, "?wait=90s"), 404, "unknown-job");
    assertThat(logs("nonsense", "").status()).isEqualTo(400);
  }

  @Test
  void aStoreThatIsAwaySaysSo() {
    String id = submitted("");
    api.store.before(
        () -> {
          throw new UnavailableException("store", "it is away");
        });
    assertThat(logs(id, "?wait=90s").status()).isEqualTo(503);
  }

  private Answer logs(String id, String query) {
    return http.get("/v1/jobs/" + id + "/logs" + query);
  }

  private void log(String id, int lines) {
    AttemptId attempt = new AttemptId(JobId.parse(id), 1);
    api.memory
        .logs()
        .append(
            IntStream.rangeClosed(1, lines)
                .mapToObj(i -> new LogLine(attempt, api.clock.instant(), "line " + i))
                .toList());
  }

  private static List<String> texts(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("lines").valueStream().map(LogsTest::text).toList();
  }

  private static String text(JsonNode line) {
    return line.path("text").textValue();
  }
}
