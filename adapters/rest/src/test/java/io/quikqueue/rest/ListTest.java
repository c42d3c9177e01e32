package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.rest.Http.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListTest extends ApiTest {

  @Test
  void listsNewestFirstPageByPage() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(submitted(",\"queue\":\"paged\""));
    }
    List<String> listed = new ArrayList<>();
    String after = "";
    for (int pages = 0; pages < 10 && after != null; pages++) {
      JsonNode page = http.get("/v1/jobs?queue=paged&limit=2" + after).json();
      assertThat(page.path("jobs").size()).isLessThanOrEqualTo(2);
      listed.addAll(page.path("jobs").findValuesAsText("id"));
      JsonNode next = page.get("next");
      after = next.isNull() ? null : "&after=" + next.textValue();
    }

    assertThat(after).isNull();
    assertThat(listed).containsExactlyElementsOf(ids);
  }

  @Test
  void endsAPageBeforeItGetsTooLong() {
    StringBuilder labels = new StringBuilder("\"first\":\"\"");
    for (int i = 0; i < 15; i++) {
      labels.append(",\"label").append(i).append("\":\"").append("🎉".repeat(128)).append('"');
    }
    String job =
        "{\"type\":\"echo\",\"payload\":1,\"queue\":\"long\",\"labels\":{" + labels + "}}\n";
    assertThat(
            http.post("/v1/jobs/batch", job.repeat(70), "Content-Type", "application/x-ndjson")
                .status())
        .isEqualTo(202);

    Answer first = http.get("/v1/jobs?queue=long&limit=500");
    List<String> listed = new ArrayList<>(first.json().path("jobs").findValuesAsText("id"));
    String next = first.string("next");
    assertThat(first.response().body()).hasSizeBetween(1 << 20, (1 << 20) + (64 << 10));
    assertThat(next).isEqualTo(listed.getLast());
    Answer second = http.get("/v1/jobs?queue=long&limit=500&after=" + next);
    listed.addAll(second.json().path("jobs").findValuesAsText("id"));

    assertThat(second.json().get("next").isNull()).isTrue();
    assertThat(listed).hasSize(70).doesNotHaveDuplicates();
  }

  @Test
  void listsWhatMatches() {
    String label = ",\"labels\":{\"tenant\":\"ü: &\",\"size\":\"1\"}";
    String done = submitted(label);
    api.succeed(done, "{\"a\":1.0}", null);
    String queued = submitted(label);
    submitted("");
    String tenant = "label=" + URLEncoder.encode("tenant:ü: &", StandardCharsets.UTF_8);

    assertThat(ids("/v1/jobs?" + tenant)).containsExactly(queued, done);
    assertThat(ids("/v1/jobs?" + tenant + "&label=size:1&type=echo&state=DONE&queue=default"))
        .containsExactly(done);
    assertThat(ids("/v1/jobs?" + tenant + "&label=size:2")).isEmpty();
    assertThat(ids("/v1/jobs?type=none")).isEmpty();
    Answer page = http.get("/v1/jobs?state=DONE&" + tenant);
    assertThat(page.text()).doesNotContain("payload", "result").endsWith("],\"next\":null}");
    assertThat(page.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void takesAStateByItsOldNameAndInAnyCase() {
    String id = submitted(",\"queue\":\"words\"");
    submitted(",\"queue\":\"words\"");
    api.succeed(id, null, null);

    for (String done : new String[] {"state=DONE", "state=done", "status=DONE", "status=Done"}) {
      assertThat(ids("/v1/jobs?queue=words&" + done)).as(done).containsExactly(id);
    }
    JsonNode job = http.get("/v1/jobs?queue=words&state=done").json().at("/jobs/0");
    assertThat(job.path("state").textValue()).isEqualTo("DONE");
    assertThat(job.path("status")).isEqualTo(job.path("state"));
  }

  private List<String> ids(String path) {
    Answer answer = http.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("jobs").findValuesAsText("id");
  }

  @Test
  void findsTheLongestLabel() {
    String name = "n".repeat(64);
    String value = "🎉".repeat(128);
    String id = submitted(",\"labels\":{\"" + name + "\":\"" + value + "\"}");

    String query =
        "/v1/jobs?label=" + name + ":" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    assertThat(ids(query)).containsExactly(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "state finished",
        "state ''",
        "status SUCCEEDED",
        "status ''",
        "queue A",
        "type ''",
        "limit 0",
        "limit 501",
        "limit -1",
        "limit x",
        "limit 99999999999",
        "after x",
        "label tenant",
        "label :a",
      })
  void namesTheParameterAtFault(String name, String value) {
    assertFieldProblem(http.get("/v1/jobs?" + name + "=" + value), 400, "invalid-parameter", name);
  }

  @Test
  void refusesParametersGivenTwiceAndUnknownOnes() {
    assertFieldProblem(http.get("/v1/jobs?limit=1&limit=2"), 400, "invalid-parameter", "limit");
    assertFieldProblem(http.get("/v1/jobs?label=a:1&label=a:2"), 400, "invalid-parameter", "label");
    assertFieldProblem(
        http.get("/v1/jobs?" + "&label=a:1".repeat(2).substring(1)),
        400,
        "invalid-parameter",
        "label");
    assertFieldProblem(
        http.get("/v1/jobs?status=DONE&state=DONE"), 400, "invalid-parameter", "status");
    assertFieldProblem(http.get("/v1/jobs?outcome=DONE"), 400, "invalid-parameter", "outcome");
    assertFieldProblem(
        http.get("/v1/jobs?type=" + "x".repeat(65)), 400, "invalid-parameter", "type");
    assertFieldProblem(http.get("/v1/queues?limit=5"), 400, "invalid-parameter", "limit");
    assertFieldProblem(http.get("/v1/queues/words?state=DONE"), 400, "invalid-parameter", "state");
    assertFieldProblem(http.get("/v1/workers?queue=a"), 400, "invalid-parameter", "queue");
    StringBuilder many = new StringBuilder("/v1/jobs?limit=1");
    for (int i = 0; i < 17; i++) {
      many.append("&label=l").append(i).append(":x");
    }
    assertFieldProblem(http.get(many.toString()), 400, "invalid-parameter", "label");
  }

  @Test
  void showsQueues() {
    String done = submitted(",\"queue\":\"figures\"");
    submitted(",\"queue\":\"figures\"");
    api.succeed(done, null, null);

    JsonNode queue = http.get("/v1/queues/figures").json();

    assertThat(queue.path("queue").textValue()).isEqualTo("figures");
    assertThat(queue.path("jobs")).hasSize(JobState.values().length);
    assertThat(queue.at("/jobs/DONE").intValue()).isEqualTo(1);
    assertThat(queue.at("/jobs/QUEUED").intValue()).isEqualTo(1);
    assertThat(queue.at("/jobs/FAILED").intValue()).isZero();
    assertThat(queue.path("depth")).isEqualTo(queue.path("jobs"));
    assertThat(queue.path("oldest_age_seconds").doubleValue()).isBetween(0.0, 60.0);
    assertThat(queue.path("submitted").intValue()).isEqualTo(2);
    assertThat(queue.path("finished").intValue()).isEqualTo(1);
    assertThat(queue.get("in_per_second").isNull()).isTrue();
    assertThat(queue.get("out_per_second").isNull()).isTrue();
    assertThat(http.get("/v1/queues").json().path("queues").findValuesAsText("queue"))
        .contains("figures");
    assertProblem(http.get("/v1/queues/none"), 404, "unknown-queue");
    assertProblem(http.get("/v1/queues/%20"), 404, "unknown-queue");
  }

  @Test
  void deletesWhatHasEndedInAQueue() {
    List<String> done = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      done.add(submitted(",\"queue\":\"over\""));
      api.succeed(done.getLast(), null, null);
    }
    String queued = submitted(",\"queue\":\"over\"");
    String elsewhere = submitted("");
    api.succeed(elsewhere, null, null);

    assertThat(http.delete("/v1/queues/over/jobs?after=" + done.get(1)).text())
        .isEqualTo("{\"deleted\":1,\"next\":null}");
    assertThat(ids("/v1/jobs?queue=over")).containsExactly(queued, done.get(2), done.get(1));
    assertThat(http.delete("/v1/queues/over/jobs").text())
        .isEqualTo("{\"deleted\":2,\"next\":null}");

    assertThat(ids("/v1/jobs?queue=over")).containsExactly(queued);
    assertProblem(http.get("/v1/jobs/" + done.getFirst()), 404, "unknown-job");
    assertThat(http.get("/v1/jobs/" + elsewhere).status()).isEqualTo(200);
    assertProblem(http.delete("/v1/queues/none/jobs"), 404, "unknown-queue");
  }

  @Test
  void deletesNothingOnAWrongRequest() {
    String id = submitted("");
    api.succeed(id, null, null);

    assertFieldProblem(http.delete("/v1/queues/A/jobs"), 400, "invalid-parameter", "queue");
    for (String wrong : List.of("after=x", "state=DONE", "after=" + id + "&after=" + id)) {
      assertFieldProblem(
          http.delete("/v1/queues/default/jobs?" + wrong),
          400,
          "invalid-parameter",
          wrong.substring(0, wrong.indexOf('=')));
    }
    assertThat(http.delete("/v1/queues/default/jobs", "Sec-Fetch-Site", "cross-site").status())
        .isEqualTo(403);
    assertThat(http.get("/v1/jobs/" + id).status()).isEqualTo(200);
  }

  @Test
  void showsWorkers() {
    JobId job = JobId.parse(submitted(""));
    AttemptSnapshot running =
        new AttemptSnapshot(
            api.memory.find(List.of(job)).get(job).attemptId(),
            "echo",
            api.clock.instant(),
            new Progress(40, "half\nway"));
    api.memory.heartbeat(
        new WorkerInfo(
            "w-1",
            "host",
            7,
            Set.of(),
            Set.of("echo", "add"),
            10,
            1,
            List.of(running),
            api.clock.instant(),
            api.clock.instant()));

    JsonNode worker = http.get("/v1/workers").json().at("/workers/0");

    assertThat(worker.path("id").textValue()).isEqualTo("w-1");
    assertThat(worker.path("pid").intValue()).isEqualTo(7);
    assertThat(worker.path("types").toString()).isEqualTo("[\"add\",\"echo\"]");
    assertThat(worker.path("slots").intValue()).isEqualTo(10);
    assertThat(worker.path("busy").intValue()).isEqualTo(1);
    assertThat(worker.at("/running/0/job_id").textValue()).isEqualTo(job.toString());
    assertThat(worker.at("/running/0/progress").toString())
        .isEqualTo("{\"percent\":40,\"message\":\"half\\nway\"}");
    assertThat(worker.at("/running/0/percent").intValue()).isEqualTo(40);
    assertThat(worker.at("/running/0/note").textValue()).isEqualTo("half\nway");
    api.memory.remove("w-1");
    assertThat(http.get("/v1/workers").text()).isEqualTo("{\"workers\":[]}");
  }
}
