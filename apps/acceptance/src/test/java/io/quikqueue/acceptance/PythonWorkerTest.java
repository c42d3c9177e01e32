package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.servers.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of a worker in Python, killed and stopped in the middle of its jobs. */
@ExtendWith(SharedSystems.class)
final class PythonWorkerTest {

  private static final Duration SOON = Duration.ofMinutes(3);

  /** Longer than a busy machine stands still. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  /** Of a worker that is killed: so long its job waits for another. */
  private static final Duration SHORT_LEASE = Duration.ofSeconds(12);

  /** Its jobs end when a file is there. */
  private static final String PROGRAM =
      """
      import os, sys, time
      from quikqueue_worker import PermanentFailure, Worker

      url, queue, job_type, lease = sys.argv[1:]
      worker = Worker(url, queue=queue, slots=2, prefetch=2, lease=int(lease))

      def charge(path):
          with open(path, "a") as calls:
              calls.write("x")
          return os.path.getsize(path)

      @worker.handler(job_type)
      def run(payload, job):
          if "durable" in payload:
              charged = job.step("charge", lambda: charge(payload["durable"]))
              job.sleep(0.5, "nap")
              late = job.wait_for_signal("never", 0.5)
              told = job.wait_for_signal("approve", 3600)
              return {"charged": charged, "late": late, "told": told, "attempt": job.attempt}
          if "fail" in payload:
              raise PermanentFailure(payload["fail"])
          if "result" in payload:
              return eval(payload["result"])
          job.progress(50, "waits")
          job.log("waits for " + payload["file"])
          while not os.path.exists(payload["file"]):
              time.sleep(0.05)
          return {"attempt": job.attempt}

      worker.run(drain=0.5)
      """;

  private final Http http;
  private final String url;
  private final String mine = "y" + UUID.randomUUID().toString().substring(0, 13);
  private final Path folder = Project.tempFolder("python");
  private final Path file = folder.resolve("go-on");
  private final List<ChildProcess> workers = new ArrayList<>();

  PythonWorkerTest(Standalone system) {
    this.http = system.http();
    this.url = system.address();
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("program.py"), PROGRAM);
  }

  @AfterEach
  void stop() {
    workers.forEach(ChildProcess::kill);
    Project.delete(folder);
  }

  /** Else it would ask for jobs for ever, where nothing is. */
  @Test
  void refusesWhatIsNoAddress() throws Exception {
    Process wrong =
        new ProcessBuilder(
                "python3", "../../examples/python-worker/quikqueue_worker.py", "--url", "nonsense")
            .redirectErrorStream(true)
            .start();

    assertThat(new String(wrong.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .endsWith("error: url must be like http://127.0.0.1:8000\n");
    assertThat(wrong.waitFor()).isEqualTo(2);
  }

  @Test
  void aJobWhoseWorkerIsKilledIsFinishedByAnother() throws IOException {
    ChildProcess first = worker(SHORT_LEASE);
    String id = submitted("{\"file\":\"" + file + "\"}");
    await()
        .atMost(SOON)
        .failFast(() -> Project.requireAlive(first))
        .until(() -> job(id).at("/progress/percent").intValue() == 50);

    first.kill();
    Files.createFile(file);
    worker();

    JsonNode done = ended(id);
    assertThat(done.path("state").textValue()).isEqualTo("DONE");
    assertThat(done.at("/result/attempt").intValue()).isEqualTo(2);
    assertThat(done.path("crashes").intValue()).isOne();
  }

  @Test
  void whatAWorkerThatIsStoppedHasNotFinishedGoesBackAndUsesUpNoAttempt() throws IOException {
    ChildProcess first = worker();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) { // two run, two are leased ahead
      ids.add(submitted("{\"file\":\"" + file + "\"}"));
    }
    await()
        .atMost(SOON)
        .failFast(() -> Project.requireAlive(first))
        .until(() -> ids.stream().allMatch(id -> state(id).equals("RUNNING")));

    assertThat(first.stop(SOON)).isTrue();
    for (String id : ids) {
      assertThat(state(id)).as(first.logTail(20)).isEqualTo("QUEUED");
    }
    Files.createFile(file);
    worker();

    for (String id : ids) {
      JsonNode done = ended(id);
      assertThat(done.path("state").textValue()).isEqualTo("DONE");
      assertThat(done.path("attempt").intValue()).isOne();
      assertThat(done.path("crashes").intValue()).isZero();
    }
  }

  @Test
  void aJobThatSleepsAndWaitsForSignalsDoesItsStepsOnceAlsoWhenItsWorkerIsKilledMeanwhile()
      throws IOException {
    Path calls = folder.resolve("calls");
    ChildProcess first = worker();
    String id = submitted("{\"durable\":\"" + calls + "\"}");
    await()
        .atMost(SOON)
        .failFast(() -> workers.forEach(Project::requireAlive))
        .until(() -> http.get("/v1/jobs/" + id + "/steps").text().contains("\"approve\""));
    await().atMost(SOON).until(() -> state(id).equals("SCHEDULED"));

    first.kill();
    worker();
    assertThat(
            http.post("/v1/jobs/" + id + "/signals/approve", "{\"payload\":{\"by\":\"ann\"}}")
                .status())
        .isEqualTo(202);

    JsonNode done = ended(id);
    assertThat(done.path("state").textValue()).isEqualTo("DONE");
    assertThat(done.at("/result/charged").intValue()).isOne();
    assertThat(done.at("/result/late").isNull()).isTrue();
    assertThat(done.at("/result/told/by").textValue()).isEqualTo("ann");
    assertThat(done.at("/result/attempt").intValue()).isEqualTo(4);
    assertThat(done.path("failures").intValue()).isZero();
    assertThat(Files.readString(calls)).isEqualTo("x");
  }

  @Test
  void theProgramOfTheReadmeRuns() throws IOException {
    String readme = Files.readString(Path.of("../../README.md"));
    String program = readme.split("```python\n", 2)[1].split("```", 2)[0];
    assertThat(program).contains("http://127.0.0.1:8000", "\"images\"", "\"resize\"");
    Files.writeString(
        folder.resolve("program.py"),
        program
            .replace("http://127.0.0.1:8000", url)
            .replace("\"images\"", "\"" + mine + "\"")
            .replace("\"resize\"", "\"" + mine + "\""));

    worker();

    assertThat(ended(submitted("{\"width\":640}")).path("result").toString())
        .isEqualTo("{\"width\":320}");
  }

  @Test
  void whatAHandlerRaisesIsKept() {
    worker();
    JsonNode failed = ended(submitted("{\"fail\":\"no luck\"}"));

    assertThat(failed.path("state").textValue()).isEqualTo("FAILED");
    JsonNode attempt = failed.at("/attempts/0");
    assertThat(attempt.path("error").textValue()).isEqualTo("no luck");
    assertThat(attempt.path("error_class").textValue()).isEqualTo("PermanentFailure");
    assertThat(attempt.path("trace").textValue()).contains("program.py");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float('nan')", // no JSON
        "chr(0xD800)", // no UTF-8
        "__import__('json').loads('[' * 300 + ']' * 300)", // too deep
        "'x' * 5_000_000"
      })
  void aResultThatIsNotTakenFailsTheJobAndIsNoCrash(String result) {
    worker();
    JsonNode failed = ended(submitted("{\"result\":\"" + result + "\"}"));

    assertThat(failed.path("state").textValue()).isEqualTo("FAILED");
    assertThat(failed.path("crashes").intValue()).isZero();
    assertThat(failed.at("/attempts/0/error").textValue()).startsWith("the result was refused");
  }

  private ChildProcess worker() {
    return worker(LEASE);
  }

  private ChildProcess worker(Duration lease) {
    List<String> arguments = List.of(url, mine, mine, "" + lease.toSeconds());
    ChildProcess worker = Project.python("worker", folder.resolve("program.py"), arguments);
    workers.add(worker);
    return worker;
  }

  /** Submits a job once the worker has made its type known. */
  private String submitted(String payload) {
    String body =
        "{\"type\":\"%s\",\"queue\":\"%s\",\"payload\":%s}".formatted(mine, mine, payload);
    return await()
        .atMost(SOON)
        .failFast(() -> workers.forEach(Project::requireAlive))
        .until(() -> http.post("/v1/jobs", body), each -> each.status() == 202)
        .string("id");
  }

  private JsonNode job(String id) {
    return http.get("/v1/jobs/" + id).json();
  }

  private String state(String id) {
    return job(id).path("state").textValue();
  }

  private JsonNode ended(String id) {
    await().atMost(SOON).until(() -> List.of("DONE", "FAILED").contains(state(id)));
    return job(id);
  }
}
