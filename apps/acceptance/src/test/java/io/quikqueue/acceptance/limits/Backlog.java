package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http;
import io.quikqueue.domain.job.JobState;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A queue that is filled in bulk while nobody works on it, and then drained. */
final class Backlog {

  /** Its name. */
  static final String QUEUE = "backlog";

  /** What tells its figures from those of other queues. */
  static final String LABEL = "queue=\"" + QUEUE + "\"";

  private static final int CLIENTS = 4;
  private static final int PAYLOAD_BYTES = 200;
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(15);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Http http;
  private final Report report;

  Backlog(App api, Report report) {
    this.http = api.http();
    this.report = report;
  }

  /**
   * Submits jobs in bulk, over several connections, and those anew that the service could not take
   * just then.
   */
  void submit(int jobs, int perCall) {
    submit(jobs, perCall, null);
  }

  /**
   * As {@link #submit(int, int)}.
   *
   * @param group of all the jobs; null = none
   */
  void submit(int jobs, int perCall, @Nullable String group) {
    AtomicInteger calls = new AtomicInteger(jobs / perCall);
    AtomicLong accepted = new AtomicLong();
    long begun = System.nanoTime();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(
            clients.submit(
                () -> {
                  while (calls.getAndDecrement() > 0) {
                    submitAll(perCall, group);
                    accepted.addAndGet(perCall);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } catch (Exception e) {
      throw new AssertionError("a submit failed after " + accepted + " jobs", e);
    }
    report.say("%d jobs submitted in calls of %d at %.0f/s", jobs, perCall, jobs / seconds(begun));
  }

  private void submitAll(int jobs, @Nullable String group) {
    AtomicInteger left = new AtomicInteger(jobs);
    await("submitted")
        .atMost(PATIENCE)
        .until(() -> left.addAndGet(-submitOnce(left.get(), group)) == 0);
  }

  /** How many it accepted; of a whole batch refused it could take none. */
  private int submitOnce(int jobs, @Nullable String group) {
    Http.Answer answer =
        http.post(
            "/v1/jobs/batch", "[" + String.join(",", Collections.nCopies(jobs, job(group))) + "]");
    if (answer.status() == 503) {
      return 0;
    }
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    int accepted = 0;
    for (JsonNode item : answer.json().path("items")) {
      if (item.has("error")) {
        assertThat(item.at("/error/status").intValue()).as(item.toString()).isEqualTo(503);
      } else {
        assertThat(item.path("state").textValue()).isEqualTo("QUEUED");
        accepted++;
      }
    }
    return accepted;
  }

  private static String job(@Nullable String group) {
    String frame = "{\"data\":\"\"}";
    String job =
        "{\"type\":\"echo\",\"queue\":\"%s\",%s\"payload\":{\"data\":\"%s\"}}"
            .formatted(
                QUEUE,
                group == null ? "" : "\"group\":\"" + group + "\",",
                "x".repeat(PAYLOAD_BYTES - frame.length()));
    assertThat(job.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(PAYLOAD_BYTES);
    return job;
  }

  /** Submits one job of a group and waits for its end, which must be DONE. */
  void runOne(String group) {
    Http.Answer accepted = http.post("/v1/jobs", job(group));
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    String id = accepted.json().path("id").textValue();
    await("it has run")
        .atMost(PATIENCE)
        .until(() -> http.get("/v1/jobs/" + id + "/result?wait=30s").status() == 200);
  }

  /**
   * Lets the workers begin, and waits until as many jobs have ended as were ever submitted.
   *
   * @param begin lets them
   * @return how many ended per second, from the first look at which some had
   */
  double drain(Runnable begin) {
    long before = figures().path("finished").longValue();
    CompletableFuture<Void> begun = CompletableFuture.runAsync(begin);
    AtomicReference<Progress> first = new AtomicReference<>();
    await("the backlog drained")
        .atMost(DRAIN_LIMIT)
        .pollInterval(POLL)
        .until(
            () -> {
              JsonNode now = figures();
              long finished = now.path("finished").longValue();
              if (finished > before) {
                first.compareAndSet(null, new Progress(finished, System.nanoTime()));
              }
              return finished == now.path("submitted").longValue();
            });
    double seconds = seconds(first.get().nanos());
    begun.join();
    return (figures().path("finished").longValue() - first.get().finished()) / seconds;
  }

  private record Progress(long finished, long nanos) {}

  /** How many jobs are in this state, by the counters that the api shows. */
  long depth(String state) {
    return figures().at("/jobs/" + state).longValue();
  }

  /** How many jobs of the backlog are in which state, by the store itself. */
  static Map<String, Integer> states(Connection store) throws SQLException {
    Map<String, Integer> states = new HashMap<>();
    try (Statement statement = store.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT state, COUNT(*) FROM jobs WHERE queue = '" + QUEUE + "' GROUP BY state")) {
      while (rows.next()) {
        states.put(JobState.ofCode(rows.getInt(1)).name(), rows.getInt(2));
      }
    }
    return states;
  }

  private JsonNode figures() {
    return http.get("/v1/queues/" + QUEUE).json();
  }

  /** Asks for what users look at, and returns how long the slowest took. */
  Duration slowestPage() {
    Duration slowest = Duration.ZERO;
    for (String page :
        List.of(
            "/v1/queues",
            "/v1/queues/" + QUEUE,
            "/v1/jobs?limit=100",
            "/v1/jobs?limit=100&state=QUEUED",
            "/v1/jobs?limit=100&state=RUNNING",
            "/v1/jobs?limit=100&queue=" + QUEUE + "&state=QUEUED",
            "/v1/jobs?limit=100&queue=none&state=QUEUED")) {
      Duration took = timeOf(page);
      for (int i = 1; i < Size.PAGE_TRIES && took.compareTo(Size.PAGE_LIMIT) > 0; i++) {
        took = timeOf(page);
      }
      report.say("GET %s: %d ms", page, took.toMillis());
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }
    return slowest;
  }

  private Duration timeOf(String page) {
    long begun = System.nanoTime();
    assertThat(http.get(page).status()).as(page).isEqualTo(200);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }
}
