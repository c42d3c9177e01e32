package io.quikqueue.acceptance.faults;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that submits jobs of many kinds at a steady rate, whether or not they are answered, and
 * keeps a {@link SubmitLog}. Which kinds follow each other is told by the seed. Bounded: 200
 * requests under way, what would be more is not sent.
 */
final class Load implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_AT_ONCE = 200;
  private static final int BULK = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Until every request has ended; each is written to the disk after its time is up. */
  private static final Duration END_LIMIT = Duration.ofMinutes(3);

  private final String name;
  private final Supplier<List<String>> addresses;
  private final Path file;
  private final SubmitLog log;
  private final Random random;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final Map<String, ObjectNode> keyedInDoubt = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private int number;
  private int turn;

  /**
   * @param name the queue of its jobs, and what the names of its jobs begin with
   * @param addresses of the apis, which get requests in turn
   */
  Load(String name, Path folder, Supplier<List<String>> addresses, long seed) {
    this.name = name;
    this.addresses = addresses;
    this.file = folder.resolve(name + ".submits");
    this.log = new SubmitLog(file);
    this.random = new Random(seed);
  }

  /** Begins to send so many requests a second. */
  Load start(int perSecond) {
    var unused =
        ticks.scheduleAtFixedRate(
            this::tick, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    return this;
  }

  String queue() {
    return name;
  }

  Path file() {
    return file;
  }

  /**
   * Stops sending, waits for what is under way, and repeats what has a key and no answer until it
   * has one.
   */
  void finish() throws InterruptedException {
    ticks.shutdown();
    if (!ticks.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)
        || !room.tryAcquire(MOST_AT_ONCE, END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("requests of " + name + " do not end");
    }
    room.release(MOST_AT_ONCE);
    await("an answer to every submit that has a key")
        .atMost(END_LIMIT)
        .until(
            () -> {
              List<ObjectNode> some = keyedInDoubt.values().stream().limit(MOST_AT_ONCE).toList();
              try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                CompletableFuture.allOf(
                        some.stream()
                            .map(job -> runAsync(() -> send(List.of(job), false), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
              }
              return keyedInDoubt.isEmpty();
            });
  }

  private void tick() {
    if (!room.tryAcquire()) {
      return;
    }
    int kind = random.nextInt(10);
    boolean bulk = kind >= 8;
    List<ObjectNode> jobs = new ArrayList<>();
    for (int i = 0; i < (bulk ? BULK : 1); i++) {
      jobs.add(randomJob());
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                send(jobs, bulk);
              } catch (UncheckedIOException e) {
                if (!closed) {
                  throw e;
                }
              } finally {
                room.release();
              }
            });
  }

  /** A job of a random length and kind. */
  private ObjectNode randomJob() {
    int dice = random.nextInt(100);
    int millis = dice < 80 ? random.nextInt(20) : dice < 95 ? 100 + dice : 900;
    String act = random.nextInt(20) == 0 ? "fail-once" : "succeed";
    ObjectNode job = job(name + "-" + number++, act, millis, random.nextInt(4) > 0);
    job.put("priority", random.nextInt(10));
    if (random.nextInt(20) == 0) {
      job.put("delay", random.nextInt(2000) + "ms");
    }
    return job;
  }

  private ObjectNode job(String n, String act, long millis, boolean keyed) {
    ObjectNode job = JSON.createObjectNode();
    job.put("type", "effect").put("queue", name);
    job.putObject("payload").put("n", n).put("millis", millis).put("act", act);
    job.putObject("retry").put("backoff", "200ms");
    if (keyed) {
      job.put("idempotency_key", n);
    }
    return job;
  }

  /** Submits one job with a key, under this name, and returns what the client learns. */
  Submit submit(String n, String act, long millis) {
    return send(List.of(job(name + "-" + n, act, millis, true)), false).getFirst();
  }

  /** Submits one job without a key. */
  Submit submitUnkeyed(String n, long millis) {
    return send(List.of(job(name + "-" + n, "succeed", millis, false)), false).getFirst();
  }

  /** Submits one job with a key that is due after a delay and has to start before a deadline. */
  Submit submitDelayed(String n, Duration delay, Instant deadline) {
    ObjectNode job = job(name + "-" + n, "succeed", 0, true);
    job.put("delay", delay.toMillis() + "ms").put("deadline", deadline.toString());
    return send(List.of(job), false).getFirst();
  }

  /** Submits that many jobs with keys in one request; their names begin with this. */
  List<Submit> submitAll(String n, int count, long millis) {
    return submitAll(n, count, "succeed", millis);
  }

  /** As {@link #submitAll(String, int, long)}, of jobs that end in this way. */
  List<Submit> submitAll(String n, int count, String act, long millis) {
    List<ObjectNode> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(name + "-" + n + i, act, millis, true));
    }
    return send(jobs, true);
  }

  /**
   * Submits that many jobs of one ordering key in one request; the first takes its time, in its
   * first attempt only. Their names are this one with 0, 1 and so on.
   */
  List<Submit> submitInOrder(String n, int count, long millis) {
    List<ObjectNode> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String act = i == 0 ? "long-once" : "succeed";
      jobs.add(job(name + "-" + n + i, act, i == 0 ? millis : 0, true).put("ordering_key", n));
    }
    return send(jobs, true);
  }

  /** As {@link #submitAll(String, int, String, long)}, of jobs of this group. */
  List<Submit> submitGroup(String n, int count, String act, long millis, String group) {
    List<ObjectNode> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(name + "-" + n + i, act, millis, true).put("group", group));
    }
    return send(jobs, true);
  }

  private List<Submit> send(List<ObjectNode> jobs, boolean bulk) {
    List<Submit> tries = jobs.stream().map(job -> submit(job, Outcome.UNKNOWN, null)).toList();
    log.tries(tries);
    Set<String> repeated = new HashSet<>();
    for (ObjectNode job : jobs) {
      if (job.has("idempotency_key") && keyedInDoubt.put(n(job), job) != null) {
        repeated.add(n(job));
      }
    }
    List<Submit> learned;
    try {
      learned = bulk ? bulk(jobs) : List.of(single(jobs.getFirst()));
    } catch (ConnectException e) {
      // It never left the client, so it must not be there.
      learned = jobs.stream().map(job -> submit(job, Outcome.NO, null)).toList();
    } catch (IOException e) {
      learned = tries;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      learned = tries;
    }
    log.learns(learned);
    for (Submit each : learned) {
      // Refusing a repetition says nothing of the tries before it.
      if (each.outcome() == Outcome.OK
          || each.outcome() == Outcome.NO && !repeated.contains(each.n())) {
        keyedInDoubt.remove(each.n());
      }
    }
    return learned;
  }

  private Submit single(ObjectNode job) throws IOException, InterruptedException {
    ObjectNode body = job.deepCopy();
    JsonNode key = body.remove("idempotency_key");
    HttpRequest.Builder request = post("/v1/jobs", body);
    if (key != null) {
      request.header("Idempotency-Key", key.textValue());
    }
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    return learned(job, answer.statusCode(), JSON.readTree(answer.body()));
  }

  private List<Submit> bulk(List<ObjectNode> jobs) throws IOException, InterruptedException {
    HttpRequest request = post("/v1/jobs/batch", JSON.valueToTree(jobs)).build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    JsonNode body = JSON.readTree(answer.body());
    List<Submit> learned = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (answer.statusCode() != 202) {
        learned.add(learned(jobs.get(i), answer.statusCode(), body));
      } else {
        JsonNode item = body.path("items").path(i);
        JsonNode error = item.path("error");
        learned.add(
            learned(
                jobs.get(i),
                error.isMissingNode() || error.isNull() ? 202 : error.path("status").intValue(),
                error.isObject() ? error : item));
      }
    }
    return learned;
  }

  /** A refusal is one that says that nothing was done; any other trouble leaves it open. */
  private static Submit learned(ObjectNode job, int status, JsonNode body) {
    if (status == 202 && body.hasNonNull("id")) {
      return submit(job, Outcome.OK, UUID.fromString(body.get("id").textValue()));
    }
    boolean refused =
        status >= 400 && status < 500
            || body.path("type").asText().endsWith("overloaded")
            || body.path("detail").asText().startsWith("not tried");
    return submit(job, refused ? Outcome.NO : Outcome.UNKNOWN, null);
  }

  private static Submit submit(ObjectNode job, Outcome outcome, @Nullable UUID id) {
    String act = job.path("payload").path("act").textValue();
    return new Submit(n(job), job.has("idempotency_key"), act, outcome, id);
  }

  private static String n(ObjectNode job) {
    return job.path("payload").path("n").textValue();
  }

  private synchronized String address() {
    List<String> all = addresses.get();
    turn = (turn + 1) % all.size();
    return all.get(turn);
  }

  private HttpRequest.Builder post(String path, JsonNode body) {
    return HttpRequest.newBuilder(URI.create(address() + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString()));
  }

  /** Sends no more; what is under way may end without being written down. */
  @Override
  public void close() {
    ticks.shutdownNow();
    closed = true;
    log.close();
  }
}
