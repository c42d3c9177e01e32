package io.quikqueue.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** What the measurement asks the deployment for beside its submits. For one thread. */
final class Api implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonFactory STREAM = new JsonFactory();
  private static final int PAGE = 500;
  private static final int PAGE_BYTES = 8_000_000;
  private static final int MAX_PAGES = 100_000;

  private final String url;
  private final Requests requests;
  private final HttpConnection connection;

  Api(Target target, Duration timeout) {
    this.url = target.url();
    this.requests = new Requests(target, 0);
    this.connection = new HttpConnection(target, timeout);
  }

  /**
   * A queue's counters.
   *
   * @param submitted jobs ever submitted to it
   * @param finished jobs that reached any end
   * @param done jobs that are DONE
   * @param running jobs that are RUNNING; short ones never are
   */
  record Totals(long submitted, long finished, long done, long running) {}

  /** A job's moments in microseconds since 1970 by the server's clock. */
  record Times(long created, long started, long finished) {}

  /** All 0 for a queue that never had a job. */
  Totals totals(String queue) {
    Answer answer = get("/v1/queues/" + queue);
    if (answer.status() == 404) {
      requireUnknownQueue(answer);
      return new Totals(0, 0, 0, 0);
    }
    JsonNode json = json(answer);
    JsonNode jobs = json.path(json.has("jobs") ? "jobs" : "depth"); // of a server before the rename
    return new Totals(
        json.path("submitted").longValue(),
        json.path("finished").longValue(),
        jobs.path("DONE").longValue(),
        jobs.path("RUNNING").longValue());
  }

  /** What else has nothing at this path is another server, or another port of this one. */
  private void requireUnknownQueue(Answer answer) {
    if (!new String(answer.body(), StandardCharsets.UTF_8).contains("Unknown queue")) {
      throw new BenchException("at %s is no QuikQueue API; check --url".formatted(url));
    }
  }

  /** How many jobs of this queue all live workers together can run at once. */
  int slots(String queue) {
    int slots = 0;
    for (JsonNode worker : json(get("/v1/workers")).path("workers")) {
      JsonNode queues = worker.path("queues");
      if (queues.isEmpty() || contains(queues, queue)) {
        slots += worker.path("slots").intValue();
      }
    }
    return slots;
  }

  private static boolean contains(JsonNode texts, String wanted) {
    for (JsonNode text : texts) {
      if (text.asText().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Submits jobs that each take up a worker's slot for so long. */
  void submitSleepers(String queue, long millis, int count) {
    try {
      Answer answer = connection.exchange(requests.sleepers(queue, millis, count));
      if (answer.status() != 202 || Submitter.refusedItems(answer.body()) > 0) {
        throw new BenchException("the jobs that hold the workers were refused: " + answer.brief());
      }
    } catch (IOException e) {
      throw new BenchException("cannot submit the jobs that hold the workers: " + e, e);
    }
  }

  /** Submits a workflow of jobs that each wait for the one before. */
  void submitChain(String queue, int payloadBytes, int nodes) {
    json(exchange("POST /v1/chains", requests.chain(queue, payloadBytes, nodes)));
  }

  /** The times of the newest {@code wanted} jobs of a queue, by id; all of them have ended. */
  Map<String, Times> times(String queue, int wanted, int payloadBytes) {
    Map<String, Times> times = new HashMap<>();
    // A job is shown with its payload and its result, which are the same.
    int limit = Math.clamp(PAGE_BYTES / (2L * payloadBytes + 1000), 1, PAGE);
    String first = "/v1/jobs?queue=" + queue + "&limit=" + limit;
    String path = first;
    for (int page = 0; page < MAX_PAGES; page++) {
      JsonNode json = json(get(path));
      for (JsonNode job : json.path("jobs")) {
        if (times.size() < wanted) {
          times.put(
              job.path("id").asText(),
              new Times(
                  micros(job.path("created_at")),
                  micros(job.path("started_at")),
                  micros(job.path("finished_at"))));
        }
      }
      if (times.size() >= wanted || !json.path("next").isTextual()) {
        break;
      }
      path = first + "&after=" + json.path("next").asText();
    }
    return times;
  }

  /** Deletes the jobs of a queue that have ended, and says how many; 0 where the server cannot. */
  long deleteEnded(String queue) {
    String first = "/v1/queues/" + queue + "/jobs";
    String path = first;
    long deleted = 0;
    for (int page = 0; page < MAX_PAGES; page++) {
      Answer answer = exchange("DELETE " + path, requests.delete(path));
      if (answer.status() == 404 || answer.status() == 405) {
        break;
      }
      JsonNode json = json(answer);
      deleted += json.path("deleted").longValue();
      if (!json.path("next").isTextual()) {
        break;
      }
      path = first + "?after=" + json.path("next").asText();
    }
    return deleted;
  }

  private static long micros(JsonNode time) {
    if (!time.isTextual()) {
      throw new BenchException("a job that has ended lacks a time: did it not run?");
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time.asText()));
  }

  /** The id that the answer to a submit tells; reads no more of it. */
  static String id(Answer answer) {
    try (JsonParser json = STREAM.createParser(answer.body())) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        String value = json.nextTextValue();
        if (name.equals("id") && value != null) {
          return value;
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      throw new BenchException("the server did not answer with JSON: " + answer.brief(), e);
    }
    throw new BenchException("the server's answer has no id: " + answer.brief());
  }

  private static JsonNode json(Answer answer) {
    if (answer.status() != 200 && answer.status() != 202) {
      throw new BenchException("the server answered " + answer.brief());
    }
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new BenchException("the server did not answer with JSON: " + answer.brief(), e);
    }
  }

  private Answer get(String path) {
    return exchange("GET " + path, requests.get(path));
  }

  /** Asked once more when it fails: the server may have closed a connection that was idle. */
  private Answer exchange(String what, byte[] request) {
    try {
      return connection.exchange(request);
    } catch (IOException first) {
      try {
        return connection.exchange(request);
      } catch (IOException e) {
        e.addSuppressed(first);
        throw new BenchException(
            "no answer to %s from %s: %s; check that it runs, and --url"
                .formatted(what, url, Reasons.of(e)),
            e);
      }
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
