package io.quikqueue.client;

import static java.util.Locale.ROOT;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.client.Calls.Call;
import java.net.URI;
import java.net.URISyntaxException;
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
  private static final int MAX_BATCH = 10_000;
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

  private final Calls calls;

  private QuikQueueClient(Calls calls) {
    this.calls = calls;
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
    return new QuikQueueClient(new Transport(url(address), timeout, null));
  }

  /**
   * The same with a key, for a server that asks for one.
   *
   * @param key {@code qq_…}; sent with each call
   * @throws IllegalArgumentException when the address is no http or https URL with a host, or the
   *     key cannot stand in a header
   */
  public static QuikQueueClient to(String address, Duration timeout, String key) {
    if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException("a key has printable ASCII characters only, no blanks");
    }
    return new QuikQueueClient(new Transport(url(address), timeout, key));
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
    Call call = new Call("POST", "/v1/jobs", job.fields(), key, Duration.ZERO, key != null);
    return UUID.fromString(calls.send(call).path("id").asText());
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
    JsonNode answer =
        calls.send(new Call("POST", "/v1/jobs/batch", items, null, Duration.ZERO, keys));
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
      return Optional.of(JobView.of(calls.get("/v1/jobs/" + id)));
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
      JsonNode now = calls.get("/results/" + id + "?wait=" + poll.toMillis() + "ms", poll);
      if (JobView.State.valueOf(now.path("status").asText()).terminal() || left.isZero()) {
        return JobView.of(calls.get("/v1/jobs/" + id));
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
    return JobLog.of(calls.get("/v1/jobs/" + id + "/logs" + query, wait));
  }

  /**
   * Calls a job off.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it is over already
   */
  public JobView cancel(UUID id) {
    return JobView.of(calls.send("POST", "/v1/jobs/" + id + "/cancel", null, false));
  }

  /**
   * Lets the jobs go on that wait behind a failed one, which holds the line of its ordering key.
   *
   * @return the failed job
   * @throws QuikQueueException.Conflict when it holds no line
   */
  public JobView skip(UUID id) {
    return JobView.of(calls.send("POST", "/v1/jobs/" + id + "/skip", null, false));
  }

  /**
   * Runs a job again that ended without success.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it is not over, or succeeded
   */
  public JobView retry(UUID id) {
    return JobView.of(calls.send("POST", "/v1/jobs/" + id + "/retry", null, false));
  }

  /**
   * Runs a job again that ended without success, with changes: as a new generation.
   *
   * @return the job after it
   * @throws QuikQueueException.Conflict when it is not over, or succeeded
   */
  public JobView retry(UUID id, RetryChanges changes) {
    return JobView.of(calls.send("POST", "/v1/jobs/" + id + "/retry", changes.fields(), false));
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
    return JobView.of(calls.send("PATCH", "/v1/jobs/" + id, to, true));
  }

  /**
   * Sends a signal to a job, which waits for it or will. Repeated when the server is away if it has
   * a key, else sent once.
   *
   * @param name what the job waits for
   * @param payload what its handler gets; null = JSON's null
   * @param key marks it as one and the same however often it is sent, 1 to 200 printable ASCII
   *     characters; null = each is another one
   * @throws QuikQueueException.Conflict when the job is over, or the key was another signal's
   */
  public SentSignal signal(UUID id, String name, @Nullable Object payload, @Nullable String key) {
    return SentSignal.send(calls, "/v1/jobs/" + id, name, payload, key);
  }

  /** The earlier generations of a job, the last one first, up to 10. */
  public List<Generation> generations(UUID id) {
    List<Generation> earlier = new ArrayList<>();
    calls
        .get("/v1/jobs/" + id + "/generations")
        .path("earlier")
        .forEach(each -> earlier.add(Generation.of(each)));
    return earlier;
  }

  /** FAILED jobs by the way in which they failed. */
  public DeadLetters dead() {
    return new DeadLetters(calls);
  }

  /** Changes of many jobs at once. */
  public Operations operations() {
    return new Operations(calls);
  }

  /** How jobs of a type or a queue are tried that do not say so. */
  public Policies policies() {
    return new Policies(calls);
  }

  /** Jobs that wait for other jobs and use their results. */
  public Workflows workflows() {
    return new Workflows(calls);
  }

  /** What submits jobs at its times. */
  public Schedules schedules() {
    return new Schedules(calls);
  }

  /** For a program that runs jobs itself. */
  public Leases leases() {
    return new Leases(calls);
  }
}
