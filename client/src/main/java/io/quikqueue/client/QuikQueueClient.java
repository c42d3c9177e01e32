package io.quikqueue.client;

import static java.util.Locale.ROOT;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Talks to QuikQueue's REST API. Safe for use by many threads; keep one. A call that reads, and a
 * submit with an idempotency key, is repeated up to three times when the server is away; others are
 * sent once, as repeating them could do the work twice. All methods throw a {@link
 * QuikQueueException}.
 */
public final class QuikQueueClient {

  private static final Set<String> HTTP = Set.of("http", "https");
  private static final int TRIES = 4;
  private static final int MAX_BATCH = 10_000;
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final URI base;
  private final Duration timeout;
  private final HttpClient http;
  private final ObjectMapper json = JsonMapper.builder().findAndAddModules().build();

  private QuikQueueClient(URI base, Duration timeout) {
    this.base = base;
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /**
   * A client of the server at this address, such as {@code http://localhost:8000}. A call waits at
   * most 30 s for its answer.
   */
  public static QuikQueueClient to(String address) {
    return to(address, Duration.ofSeconds(30));
  }

  /**
   * A client of the server at this address.
   *
   * @param timeout how long a call waits for its answer, long polls excepted
   * @throws IllegalArgumentException when the address is no http or https URL with a host
   */
  public static QuikQueueClient to(String address, Duration timeout) {
    return new QuikQueueClient(url(address), timeout);
  }

  private static URI url(String address) {
    try {
      URI url = new URI(address.replaceAll("/+$", ""));
      if (url.getHost() != null
          && HTTP.contains(String.valueOf(url.getScheme()).toLowerCase(ROOT))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // refused like the others
    }
    throw new IllegalArgumentException(
        "the address must be like http://localhost:8000, was " + address);
  }

  /** Submits a job and returns its id once it is durable. */
  public UUID submit(NewJob job) {
    String key = job.key();
    HttpRequest.Builder request = post("/v1/jobs", write(job.fields()));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return UUID.fromString(send(request, key != null).path("id").asText());
  }

  /**
   * Submits up to 10,000 jobs in one call.
   *
   * @return one answer per job, in the same order
   */
  public List<Submitted> submitAll(List<NewJob> jobs) {
    if (jobs.size() > MAX_BATCH) {
      throw new IllegalArgumentException("at most " + MAX_BATCH + " jobs, not " + jobs.size());
    }
    List<Map<String, Object>> items = new ArrayList<>(jobs.size());
    boolean keys = true;
    for (NewJob job : jobs) {
      Map<String, Object> item = new LinkedHashMap<>(job.fields());
      String key = job.key();
      keys &= key != null;
      if (key != null) {
        item.put("idempotency_key", key);
      }
      items.add(item);
    }
    JsonNode answer = send(post("/v1/jobs/batch", write(items)), keys);
    List<Submitted> submitted = new ArrayList<>(jobs.size());
    for (JsonNode item : answer.path("items")) {
      submitted.add(
          item.hasNonNull("id")
              ? new Submitted(UUID.fromString(item.get("id").asText()), null)
              : new Submitted(
                  null, Problem.of(item.path("error").path("status").asInt(), item.path("error"))));
    }
    return submitted;
  }

  /** The job as it is now; empty when there is none of this id. */
  public Optional<JobView> find(UUID id) {
    try {
      return Optional.of(JobView.of(send(get("/v1/jobs/" + id, timeout), true)));
    } catch (QuikQueueException.NotFound e) {
      return Optional.empty();
    }
  }

  /**
   * Waits until the job is over.
   *
   * @return the job; not terminal when the wait was too short
   */
  public JobView await(UUID id, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      Duration poll = left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL;
      JsonNode now =
          send(get("/results/" + id + "?wait=" + poll.toMillis() + "ms", timeout.plus(poll)), true);
      if (JobView.State.valueOf(now.path("status").asText()).terminal() || left.isZero()) {
        return JobView.of(send(get("/v1/jobs/" + id, timeout), true));
      }
    }
  }

  /**
   * What the attempts of a job have logged, at most 1,000 lines.
   *
   * @param after only lines with a higher number; 0 = from the oldest that is kept
   * @param wait how long to wait for a line when there is none yet and the job goes on, at most 30
   *     s unless the server is configured otherwise
   * @throws QuikQueueException.NotFound when there is no such job
   */
  public JobLog log(UUID id, long after, Duration wait) {
    String query = "?limit=1000&after=" + after + "&wait=" + wait.toMillis() + "ms";
    return JobLog.of(send(get("/v1/jobs/" + id + "/logs" + query, timeout.plus(wait)), true));
  }

  /**
   * Calls a job off.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it is over already
   */
  public JobView cancel(UUID id) {
    return JobView.of(send(post("/v1/jobs/" + id + "/cancel", ""), false));
  }

  /**
   * Runs a job again that ended without success.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it is not over, or succeeded
   */
  public JobView retry(UUID id) {
    return JobView.of(send(post("/v1/jobs/" + id + "/retry", ""), false));
  }

  /**
   * Runs a job again that ended without success, with changes: as a new generation.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it is not over, or succeeded
   */
  public JobView retry(UUID id, RetryChanges changes) {
    String body = write(changes.fields());
    return JobView.of(send(post("/v1/jobs/" + id + "/retry", body), false));
  }

  /**
   * Gives a job that waits another priority, from 0 (first) to 9 (last).
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it runs or is over
   */
  public JobView setPriority(UUID id, int priority) {
    return move(id, Map.of("priority", priority));
  }

  /**
   * Moves a job that waits into another queue.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it runs or is over, or is bound to its queue
   */
  public JobView moveTo(UUID id, String queue) {
    return move(id, Map.of("queue", queue));
  }

  private JobView move(UUID id, Map<String, Object> to) {
    return JobView.of(send(with("PATCH", "/v1/jobs/" + id, write(to)), true));
  }

  /** The earlier generations of a job, the last one first, up to 10. */
  public List<Generation> generations(UUID id) {
    List<Generation> earlier = new ArrayList<>();
    send(get("/v1/jobs/" + id + "/generations", timeout), true)
        .path("earlier")
        .forEach(each -> earlier.add(Generation.of(each)));
    return earlier;
  }

  /** FAILED jobs by the way in which they failed. */
  public DeadLetters dead() {
    return new DeadLetters(this::call);
  }

  /** Changes of many jobs at once. */
  public Operations operations() {
    return new Operations(this::call);
  }

  /** How jobs of a type or a queue are tried that do not say so. */
  public Policies policies() {
    return new Policies(this::call);
  }

  /** What submits jobs at its times. */
  public Schedules schedules() {
    return new Schedules(this::call);
  }

  /** For a program that runs jobs itself. */
  public Leases leases() {
    return new Leases(
        this::call,
        (path, fields, patience, repeatable) ->
            send(post(path, write(fields)).timeout(timeout.plus(patience)), repeatable));
  }

  private HttpRequest.Builder get(String path, Duration patience) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(patience).GET();
  }

  private HttpRequest.Builder post(String path, String body) {
    return with("POST", path, body);
  }

  private JsonNode call(
      String method, String path, @Nullable Map<String, Object> fields, boolean repeatable) {
    return send(with(method, path, fields == null ? "" : write(fields)), repeatable);
  }

  private HttpRequest.Builder with(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return body.isEmpty() ? request : request.header("Content-Type", "application/json");
  }

  private JsonNode send(HttpRequest.Builder builder, boolean repeatable) {
    HttpRequest request = builder.header("Accept", "application/json").build();
    Duration pause = FIRST_PAUSE;
    for (int i = 1; ; i++) {
      try {
        return answer(http.send(request, BodyHandlers.ofString()));
      } catch (IOException e) {
        if (!repeatable || i == TRIES) {
          throw new QuikQueueException.Unavailable("no answer from " + base + ": " + reason(e), e);
        }
      } catch (QuikQueueException.Unavailable e) {
        if (!repeatable || i == TRIES) {
          throw e;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new QuikQueueException.Unavailable("interrupted while waiting for " + base, e);
      }
      pause(pause);
      pause = pause.multipliedBy(3);
    }
  }

  private JsonNode answer(HttpResponse<String> response) {
    JsonNode body = read(response.body());
    int status = response.statusCode();
    if (status < 300) {
      return body == null ? MissingNode.getInstance() : body;
    }
    Problem problem = Problem.of(status, body == null ? MissingNode.getInstance() : body);
    if (status == 404) {
      throw new QuikQueueException.NotFound(problem);
    }
    if (status == 409) {
      throw new QuikQueueException.Conflict(problem);
    }
    if (status >= 500) {
      throw new QuikQueueException.Unavailable(problem.toString(), null);
    }
    throw new QuikQueueException.Refused(problem);
  }

  private @Nullable JsonNode read(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return null; // a proxy's page, not the server's word; the status says enough
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a payload that cannot be written as JSON", e);
    }
  }

  /** What the exceptions say; Java's client says nothing when it cannot connect. */
  private static String reason(IOException e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException) {
        return "unknown host";
      }
      String message = each.getMessage();
      if (message != null && !message.isBlank()) {
        return message;
      }
    }
    return e instanceof ConnectException ? "cannot connect" : e.getClass().getSimpleName();
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuikQueueException.Unavailable("interrupted", e);
    }
  }
}
