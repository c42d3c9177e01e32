package io.quikqueue.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.quikqueue.bench.Api.Totals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole tool against a deployment that does nothing. */
class BenchTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int bench(StubDeployment deployment, String... args) {
    List<String> all =
        new ArrayList<>(List.of("--url", deployment.url(), "--queue", "q", "--warm-up=0"));
    all.addAll(Arrays.asList(args));
    return run(all);
  }

  private int run(List<String> args) {
    return Bench.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void measuresEveryFigure(@TempDir Path dir) throws IOException {
    Path json = dir.resolve("bench.json");
    try (StubDeployment deployment = new StubDeployment()) {
      int exit =
          bench(
              deployment,
              "--jobs=200",
              "--batch=50",
              "--clients=3",
              "--rate=200",
              "--seconds=1",
              "--repetitions=2",
              "--json=" + json,
              "--pids=me=" + ProcessHandle.current().pid());

      assertThat(err.toString(UTF_8)).doesNotContain("quikqueue bench:");
      assertThat(exit).isZero();
      // A1, A2 with B, C and C-bulk: three to ten warm-ups and two repetitions of 200 jobs; D: one.
      assertThat(deployment.submitted("q") % 200).isZero();
      assertThat(deployment.submitted("q") / 200).isBetween(4 * (3 + 2) + 3, 4 * (10 + 2) + 3);
    }
    assertThat(out.toString(UTF_8))
        .contains("jobs_per_s", "answered_to_started_ms_p99", "generator", "RSS MB");
    JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
    for (Figure figure : Figure.USUAL) {
      JsonNode repetitions = figures.path(figure.label());
      assertThat(repetitions).as(figure.label()).hasSize(2);
      for (JsonNode repetition : repetitions) {
        assertThat(repetition.at("/processes/me/cpu_us_per_job").isNumber()).isTrue();
        assertThat(repetition.path(figure == Figure.D ? "submits_per_s" : "jobs_per_s").asDouble())
            .isPositive();
      }
    }
    assertThat(figures.at("/D/0/created_to_started_ms_p50").asDouble()).isBetween(1.9, 2.1);
    assertThat(figures.at("/D/0/created_to_finished_ms_p50").asDouble()).isBetween(2.9, 3.1);
  }

  @Test
  void measuresTheFirstJobsOnceAndWithoutAWarmUp() throws IOException {
    try (StubDeployment deployment = new StubDeployment()) {
      int exit = bench(deployment, "--jobs=120", "--figures=cold", "--warm-up=60");

      assertThat(err.toString(UTF_8))
          .startsWith("takes one round of 120 jobs for cold; jobs go to q");
      assertThat(exit).isZero();
      assertThat(deployment.submitted("q")).isEqualTo(120);
    }
    assertThat(out.toString(UTF_8)).contains("cold    the first jobs after a start");
  }

  @Test
  void measuresTheHopsOfAChain() throws IOException {
    try (StubDeployment deployment = new StubDeployment()) {
      int exit = bench(deployment, "--jobs=120", "--figures=W", "--repetitions=1");

      assertThat(err.toString(UTF_8)).contains("4 chains of 120 jobs");
      assertThat(exit).isZero();
      assertThat(deployment.submitted("q") % 120).isZero();
    }
    assertThat(out.toString(UTF_8)).contains("nodes_per_s", "hop_ms_p50");
  }

  @Test
  void servesTheEndpointThatTheJobsOfFigureHCall() throws IOException {
    int port = freePort();
    try (StubDeployment deployment = new StubDeployment()) {
      int exit =
          bench(
              deployment,
              "--jobs=100",
              "--batch=50",
              "--figures=H",
              "--repetitions=1",
              "--endpoint=" + port);

      assertThat(err.toString(UTF_8)).doesNotContain("quikqueue bench:");
      assertThat(exit).isZero();
      assertThat(deployment.calls())
          .hasSize(deployment.submitted("q"))
          .hasSizeGreaterThanOrEqualTo(400)
          .containsOnly(204);
    }
  }

  /** Below those that the kernel gives to clients, one of which could be faster. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException e) {
        // taken; another one is not
      }
    }
  }

  @Test
  void saysWhenTheEndpointCannotBeServed() throws IOException {
    try (StubDeployment deployment = new StubDeployment();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int exit =
          bench(deployment, "--jobs=100", "--figures=H", "--endpoint=" + taken.getLocalPort());

      assertThat(exit).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .contains("--endpoint %d cannot be served: ".formatted(taken.getLocalPort()));
    }
  }

  @Test
  void warmsUpForAsLongAsItIsTold() throws IOException {
    // Where a round takes longer than the warm-up there is one, as there may be on a busy machine.
    for (int trial = 0; trial < 6 && !err.toString(UTF_8).contains("\nwarm-up 2\n"); trial++) {
      try (StubDeployment deployment = new StubDeployment()) {
        int seconds = 1 << trial;
        long begin = System.nanoTime();

        int exit =
            bench(
                deployment, "--figures=C", "--jobs=100", "--repetitions=1", "--warm-up=" + seconds);

        assertThat(exit).isZero();
        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(seconds));
      }
    }
    assertThat(err.toString(UTF_8)).contains("\nwarm-up 2\n", "\nC: warm-up 1\n");
  }

  @Test
  void saysHowLongItTakesAndDeletesWhatItSubmitted() throws IOException {
    try (StubDeployment deployment = new StubDeployment();
        Api api = new Api(deployment.target(), Duration.ofMinutes(2))) {
      String[] arguments = {"--figures=D,A2", "--jobs=500", "--rate=200", "--seconds=1"};
      assertThat(bench(deployment, arguments)).isZero();
      assertThat(err.toString(UTF_8))
          .startsWith(
              "takes 0 s of warm-up (--warm-up), 4 s of figure D, at least 6 rounds of 500 jobs for"
                  + " each of A2; jobs go to q, q-hold, second-q-hold\n")
          .doesNotContain("leaves");
      for (String queue : List.of("q", "q-hold", "second-q-hold")) {
        assertThat(deployment.deleted(queue)).isEqualTo(deployment.submitted(queue));
      }

      err.reset();
      assertThat(bench(deployment, "--figures=D", "--rate=100", "--seconds=1", "--repetitions=1"))
          .isZero();
      assertThat(err.toString(UTF_8))
          .contains("2 s of figure D; jobs go to q\n", "\nleaves 200 jobs in q: the deploy")
          .contains("QQ_RETENTION");
      assertThat(api.totals("q").submitted()).isEqualTo(deployment.submitted("q"));
    }
  }

  @Test
  void deletesWhatItSubmittedAlsoWhenItFails() throws IOException {
    try (StubDeployment deployment = new StubDeployment().thatCannotBeHeld()) {
      assertThat(bench(deployment, "--figures=A2", "--jobs=100", "--batch=50")).isEqualTo(1);
      long left = // what has not ended
          Stream.of("q", "q-hold", "second-q-hold")
              .mapToLong(queue -> deployment.submitted(queue) - deployment.deleted(queue))
              .sum();
      assertThat(deployment.deleted("q")).isPositive();
      assertThat(err.toString(UTF_8).contains("\nleaves " + left + " jobs in q, "))
          .isEqualTo(left > 0);
    }
  }

  @Test
  void countsRefusedJobsAndFails() throws IOException {
    try (StubDeployment deployment = new StubDeployment().refusingEvery(25)) {
      int exit = bench(deployment, "--figures=C", "--jobs=100", "--repetitions=1");

      assertThat(exit).isEqualTo(1);
    }
    assertThat(out.toString(UTF_8)).contains("jobs_per_s");
    assertThat(err.toString(UTF_8))
        .containsPattern("jobs refused: [1-9][0-9]*, without an answer: 0, not DONE: 0")
        .contains("503", "Overloaded");
  }

  @Test
  void stopsWhenAlmostNothingIsAccepted() throws IOException {
    try (StubDeployment deployment = new StubDeployment().refusingEvery(1)) {
      int exit = bench(deployment, "--figures=C", "--jobs=100000");

      assertThat(exit).isEqualTo(1);
      assertThat(err.toString(UTF_8)).contains("too many submits came to nothing");
      assertThat(deployment.submitted("q")).isZero();
    }
  }

  @Test
  void doesNotPassOffAsHeldWhatWasNot() throws IOException {
    try (StubDeployment deployment = new StubDeployment().thatCannotBeHeld()) {
      int exit = bench(deployment, "--figures=A2", "--jobs=100", "--batch=50");

      assertThat(exit).isEqualTo(1);
    }
    assertThat(err.toString(UTF_8)).contains("the workers could not be held");
  }

  @Test
  void noticesLostJobs() throws IOException {
    try (StubDeployment deployment = new StubDeployment().finishingNothing();
        Api api = new Api(deployment.target(), Duration.ofMinutes(2))) {
      api.submitSleepers("q", 1, 3);
      Drain drain = new Drain(api, new Processes(Map.of()), Duration.ofMillis(50));

      assertThatThrownBy(() -> drain.await("q", new Totals(0, 0, 0, 0), 3, Duration.ZERO))
          .isInstanceOf(BenchException.class)
          .hasMessageContaining("lost jobs: of 3 accepted into q only 0 have ended");
    }
  }

  @Test
  void leavesAQueueAloneThatIsInUse() throws IOException {
    try (StubDeployment deployment = new StubDeployment().finishingNothing();
        Api api = new Api(deployment.target(), Duration.ofMinutes(2))) {
      api.submitSleepers("q", 1, 3);

      assertThat(bench(deployment, "--figures=C")).isEqualTo(1);
      assertThat(deployment.submitted("q")).isEqualTo(3);
    }
    assertThat(err.toString(UTF_8)).contains("queue q is in use: 3 of its 3 jobs have not ended");
  }

  @Test
  void saysWhenNobodyListens() throws IOException {
    StubDeployment deployment = new StubDeployment();
    deployment.close();

    assertThat(bench(deployment, "--figures=C")).isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .contains("no answer to GET /v1/queues/q from " + deployment.url(), "check that it runs")
        .doesNotContain("java.")
        .hasLineCount(1);
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void saysWhenAnotherServerListens() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    other.start(); // 404 to everything
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort();
      assertThat(run(List.of("--url", url, "--warm-up=0", "--figures=C"))).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .contains("at " + url + " is no QuikQueue API; check --url")
          .hasLineCount(1);
    } finally {
      other.stop(0);
    }
  }

  @Test
  void refusesProcessesThatAreNotThere() throws IOException {
    assertThat(run(List.of("--pids=up=" + Long.MAX_VALUE))).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .startsWith(
            "quikqueue bench: --pids or --stack names no process of this machine: up="
                + Long.MAX_VALUE)
        .hasLineCount(2);
  }

  @Test
  void explainsItself() {
    assertThat(run(List.of("--help"))).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo(BenchOptions.USAGE);

    assertThat(run(List.of("--figures=Z"))).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .startsWith("quikqueue bench: --figures must be of")
        .hasLineCount(2);
  }
}
