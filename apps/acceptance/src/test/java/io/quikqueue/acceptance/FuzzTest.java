package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.acceptance.RawHttp.Answer;
import io.quikqueue.acceptance.RequestFuzzer.Fuzzed;
import io.quikqueue.client.NewJob;
import io.quikqueue.contracts.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is sent to the API is answered soon and properly, and what it accepts it keeps as it is.
 * The requests are drawn by lot from {@code /openapi.json}. {@code -Dquikqueue.seed=N} draws
 * others.
 */
@ExtendWith(SharedSystems.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FuzzTest {

  private static final String JOBS = "/v1/jobs/";
  private static final String WORKFLOWS = "/v1/workflows/";

  private static final int REQUESTS = 1_000;
  private static final int SENDERS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(25); // less than the idle timeout
  private static final int SHOWN = 2_000;

  /** The server's idle timeout and the grace for slow bodies are 30 s; and some more. */
  private static final Duration GIVE_UP_LIMIT = Duration.ofMinutes(3);

  private static final Map<String, CompletableFuture<Answer>> STALLED = new TreeMap<>();

  private final Standalone up;
  private final Http http;
  private final RawHttp raw;

  FuzzTest(Standalone up) {
    this.up = up;
    this.http = up.http();
    this.raw = new RawHttp(up.address());
  }

  static LongStream seeds() {
    return Seeds.of(3);
  }

  /**
   * What the API took in.
   *
   * @param path of the job or workflow
   * @param payload of {@code POST /v1/jobs}; null = nobody can say
   * @param text of {@code POST /submit}; null likewise
   */
  private record Accepted(String path, String payload, String text) {}

  /** What came of some of the requests. */
  private record Outcome(List<Accepted> accepted, Map<Integer, Integer> statuses) {}

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRequestIsAnsweredProperly(long seed) throws Exception {
    int before = up.output().length();
    RequestFuzzer fuzzer = new RequestFuzzer(http.get("/openapi.json").json(), ids());
    List<Accepted> accepted = new ArrayList<>();
    Map<Integer, Integer> statuses = new TreeMap<>();

    for (Outcome outcome : sendAll(fuzzer, seed)) {
      accepted.addAll(outcome.accepted());
      outcome.statuses().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
    }

    for (Accepted job : accepted) {
      requireKept(job, "seed=" + seed + " " + job.path());
    }
    assertThat(statuses).containsKeys(200, 202, 400, 404, 422);
    assertThat(accepted).isNotEmpty();
    assertThat(up.output().substring(before))
        .as("the log, seed=" + seed)
        .doesNotContain("event=unexpected", "ERROR");
  }

  /** These wait for their answers while the others are sent. */
  @BeforeAll
  static void stall(Standalone up) {
    RawHttp raw = new RawHttp(up.address());
    String json = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    List<String> requests =
        List.of(
            "POST /v1/jobs" + json + "Content-Length: 500\r\n\r\n{\"type\":",
            "POST /submit" + json + "Transfer-Encoding: chunked\r\n\r\n14\r\n{\"te",
            "POST /v1/jobs/batch" + json + "Content-Length: 500\r\n\r\n[",
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n1",
            "PUT /v1/jobs" + json + "Content-Length: 500\r\n\r\n{",
            "POST /v1/jobs HTTP/1.1\r\nHos");
    for (String request : requests) {
      byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
      later("stalled: " + request, () -> raw.exchange(bytes, false, GIVE_UP_LIMIT));
      if (request.contains("Content-Length")) {
        later("trickling: " + request, () -> raw.trickle(bytes, GIVE_UP_LIMIT));
      }
    }
  }

  private static void later(String name, Supplier<Answer> exchange) {
    STALLED.put(
        name, CompletableFuture.supplyAsync(exchange, task -> Thread.ofVirtual().start(task)));
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void requestsThatNeverEndAreGivenUp() throws IOException {
    assertThat(STALLED).hasSize(10);
    for (Map.Entry<String, CompletableFuture<Answer>> stalled : STALLED.entrySet()) {
      Answer answer = answer(stalled.getKey(), stalled.getValue());
      if (answer.status() == 0) {
        assertThat(stalled.getKey()).as("the head had ended").doesNotContain("\r\n\r\n");
      } else {
        answer.requireProblem();
      }
    }
  }

  private static Answer answer(String name, CompletableFuture<Answer> exchange) {
    try {
      return exchange.join();
    } catch (CompletionException e) {
      throw new AssertionError(name, e.getCause());
    }
  }

  /** Of a job that is done, one that waits, and one that nobody knows. */
  private List<String> ids() {
    return List.of(
        up.client().submit(NewJob.of("echo", 1).queue("fuzz-a")).toString(),
        up.client()
            .submit(NewJob.of("echo", 1).queue("fuzz-a").delay(Duration.ofDays(30)))
            .toString(),
        "0190f3a0-0000-7000-8000-000000000000");
  }

  private List<Outcome> sendAll(RequestFuzzer fuzzer, long seed) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(SENDERS)) {
      List<Callable<Outcome>> senders = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        int first = i;
        senders.add(() -> send(fuzzer, seed, first));
      }
      for (Future<Outcome> sender : threads.invokeAll(senders)) {
        outcomes.add(sender.get());
      }
    }
    return outcomes;
  }

  /** A sender's share; each request has its own chance, so that the order does not matter. */
  private Outcome send(RequestFuzzer fuzzer, long seed, int first) {
    Outcome outcome = new Outcome(new ArrayList<>(), new TreeMap<>());
    for (int i = first; i < REQUESTS; i += SENDERS) {
      Fuzzed request = fuzzer.next(random(seed, i));
      Answer answer = null;
      try {
        answer = raw.exchange(request.bytes(), true, LIMIT);
        requireProper(request, answer);
        outcome.accepted().addAll(accepted(request, answer));
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(told(seed, i, request, answer), e);
      }
      outcome.statuses().merge(answer.status(), 1, Integer::sum);
    }
    return outcome;
  }

  /** Seeds that lie close together would begin alike. */
  private static Random random(long seed, int number) {
    return new Random((seed * REQUESTS + number) * 0x9E37_79B9_7F4A_7C15L);
  }

  private static void requireProper(Fuzzed request, Answer answer) throws IOException {
    int status = answer.status();
    if (status == 0) {
      assertThat(request.mute()).as("may be without an answer").isTrue();
      return;
    }
    if (!request.documented().isEmpty()) {
      assertThat(status).as("documented").isIn(request.documented());
      assertThat(answer.rest()).as("after the answer").isEmpty();
    }
    boolean empty = answer.body().length == 0 && answer.rest().length == 0;
    if (status >= 400) {
      // 505 is the client's doing: HTTP has no other word for a version that is unknown.
      // 500 is the word of those routes for a task that failed.
      assertThat(
              status < 500
                  || status == 503
                  || status == 505 && request.documented().isEmpty()
                  || status == 500 && answer.text().contains("urn:quikqueue:problem:task-failed"))
          .as("the client's fault")
          .isTrue();
      if (isHead(request)) {
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      } else {
        answer.requireProblem();
      }
    } else if (answer.header("content-type").equals("application/json") && !empty) {
      JsonText.of(answer.text());
    }
  }

  private static boolean isHead(Fuzzed request) {
    return new String(request.bytes(), StandardCharsets.ISO_8859_1).startsWith("HEAD ");
  }

  private static List<Accepted> accepted(Fuzzed request, Answer answer) throws IOException {
    if (answer.status() != 202) {
      return List.of();
    }
    JsonNode made = new ObjectMapper().readTree(answer.text());
    String sent =
        request.body() == null ? null : new String(request.body(), StandardCharsets.UTF_8);
    if (made.has("job_id") || made.has("workflow_id") || made.has("group_id")) {
      return List.of(); // a signal to what was there, or jobs that are tasks of a group
    }
    if (made.has("task_id")) {
      return List.of(new Accepted(JOBS + made.get("task_id").asText(), null, null));
    }
    if (made.has("counts")) {
      return List.of(new Accepted(WORKFLOWS + made.get("id").asText(), null, null));
    }
    if (!made.has("items")) {
      Map<String, String> job = sent == null ? Map.of() : JsonText.fields(sent);
      return List.of(
          new Accepted(JOBS + made.get("id").asText(), job.get("payload"), job.get("text")));
    }
    List<Map<String, String>> jobs =
        sent == null ? List.of() : jobs(sent, request.lines(), answer.text());
    List<Accepted> accepted = new ArrayList<>();
    for (int i = 0; i < made.get("items").size(); i++) {
      if (made.get("items").get(i).has("id")) {
        accepted.add(
            new Accepted(
                JOBS + made.get("items").get(i).get("id").asText(),
                sent == null ? null : jobs.get(i).get("payload"),
                null));
      }
    }
    return accepted;
  }

  private static List<Map<String, String>> jobs(String sent, boolean lines, String answer)
      throws IOException {
    if (!lines) {
      try {
        return JsonText.objects(sent);
      } catch (JsonParseException e) {
        // An item that is too large is refused unread, whatever is in it: nothing to compare with.
        assertThat(answer).contains("urn:quikqueue:problem:body-too-large");
        return Collections.nCopies(
            new ObjectMapper().readTree(answer).get("items").size(), Map.of());
      }
    }
    List<Map<String, String>> jobs = new ArrayList<>();
    for (String line : sent.split("\n")) {
      if (!line.isBlank()) {
        jobs.add(lenient(line));
      }
    }
    return jobs;
  }

  /** A line may be refused by itself. */
  private static Map<String, String> lenient(String line) {
    try {
      return JsonText.fields(line);
    } catch (IOException e) {
      return Map.of();
    }
  }

  private void requireKept(Accepted job, String as) throws IOException {
    Http.Answer found = http.get(job.path());
    assertThat(found.status()).as(as).isEqualTo(200);
    if (job.payload() != null) {
      assertThat(JsonText.fields(found.text()).get("payload")).as(as).isEqualTo(job.payload());
    }
    if (job.text() != null) {
      Http.Answer result = http.get(job.path().replace(JOBS, "/results/"));
      assertThat(JsonText.fields(result.text()).get("text")).as(as).isEqualTo(job.text());
    }
  }

  private static String told(long seed, int number, Fuzzed request, Answer answer) {
    String sent = new String(request.bytes(), StandardCharsets.ISO_8859_1);
    return "%s, request %d (%s):%n%s%n-> %s"
        .formatted(
            Seeds.told(seed),
            number,
            request.operation(),
            shown(sent),
            answer == null
                ? "nothing"
                : answer.status() + " " + answer.headers() + " " + shown(answer.text()));
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… " + text.length();
  }
}
