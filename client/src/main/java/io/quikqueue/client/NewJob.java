package io.quikqueue.client;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A job to submit. Immutable; each method returns a copy with one thing more said. */
public final class NewJob {

  private static final String UNIQUE = "unique";

  private final Map<String, Object> fields;
  private final @Nullable String idempotencyKey;

  private NewJob(Map<String, Object> fields, @Nullable String idempotencyKey) {
    this.fields = fields;
    this.idempotencyKey = idempotencyKey;
  }

  /**
   * A job of a type.
   *
   * @param payload anything that Jackson writes as JSON: a map, a list, a record, a {@code
   *     JsonNode}
   */
  public static NewJob of(String type, Object payload) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("payload", payload);
    return new NewJob(fields, null);
  }

  /** The queue it stands in; otherwise {@code default}. */
  public NewJob queue(String queue) {
    return with("queue", queue);
  }

  /** From 0, first, to 9, last; otherwise 5. */
  public NewJob priority(int priority) {
    return with("priority", priority);
  }

  /** Whose job it is, such as a tenant or a host; 1 to 200 characters. */
  public NewJob group(String group) {
    return with("group", group);
  }

  /** What it has to keep its order with; 1 to 200 characters. */
  public NewJob orderingKey(String key) {
    return with("ordering_key", key);
  }

  /** When it fails, those behind it with its ordering key wait until it is retried or skipped. */
  public NewJob holdsLineWhenFailed() {
    return with("on_failed_head", "hold");
  }

  /** What it takes of a rate, from 1 to 1,000,000; otherwise 1. */
  public NewJob cost(int cost) {
    return with("cost", cost);
  }

  /** Not before this moment. */
  public NewJob runAt(Instant runAt) {
    return with("run_at", runAt.toString());
  }

  /** Not before this much time has passed, by the server's clock. */
  public NewJob delay(Duration delay) {
    return with("delay", delay.toString());
  }

  /** Expires when it has not started by then. */
  public NewJob deadline(Instant deadline) {
    return with("deadline", deadline.toString());
  }

  /** How long one attempt may run; otherwise 60 s. */
  public NewJob timeout(Duration timeout) {
    return with("timeout", timeout.toString());
  }

  /** How many failed attempts before it is given up; otherwise 5. */
  public NewJob maxAttempts(int maxAttempts) {
    return retry("max_attempts", maxAttempts);
  }

  /** The wait after the first failure, doubling up to the cap; otherwise 0.5 s up to 10 min. */
  public NewJob backoff(Duration first, Duration cap) {
    return retry("backoff", first.toString()).retry("backoff_cap", cap.toString());
  }

  /** The same wait after each failure. Excludes {@link #backoff} and {@link #delays}. */
  public NewJob fixedDelay(Duration delay) {
    return retry("kind", "fixed").retry("backoff", delay.toString());
  }

  /**
   * The waits after the first failure, the second and so on, 1 to 50; the last repeats. Excludes
   * {@link #backoff} and {@link #fixedDelay}.
   */
  public NewJob delays(List<Duration> delays) {
    return retry("kind", "list").retry("delays", delays.stream().map(Duration::toString).toList());
  }

  /**
   * The share of each wait that is left to chance, from 0, none, to 1, all; otherwise 0.5 for waits
   * that double, and 0 for others.
   */
  public NewJob jitter(double share) {
    return retry("jitter", share);
  }

  /** A name and a value to find it by. */
  public NewJob label(String name, String value) {
    return nested("labels", name, value);
  }

  /**
   * The only one of its type and payload in its queue while it waits and runs; a second one is
   * refused with a {@link QuikQueueException.Conflict} that names the first.
   */
  public NewJob unique() {
    return fields.containsKey(UNIQUE) ? this : with(UNIQUE, Map.of());
  }

  /** Likewise, of this key in the place of type and payload; 1 to 200 characters. */
  public NewJob uniqueKey(String key) {
    return nested(UNIQUE, "key", key);
  }

  /** Likewise, among all jobs of its type in the place of those of its queue. */
  public NewJob uniqueWithinType() {
    return nested(UNIQUE, "within", "type");
  }

  /** Likewise, while it is in one of these states; otherwise in all but the terminal ones. */
  public NewJob uniqueStates(Set<JobView.State> states) {
    return nested(UNIQUE, "states", states.stream().map(Enum::name).sorted().toList());
  }

  /** Likewise, for so long after its submit at most. */
  public NewJob uniqueFor(Duration time) {
    return nested(UNIQUE, "for", time.toString());
  }

  /** When another job has its unique key, that one is the answer, and stays as it is. */
  public NewJob onConflictReturnExisting() {
    return nested(UNIQUE, "on_conflict", "return_existing");
  }

  /** When another job has its unique key and does not run, that one gets its payload and time. */
  public NewJob onConflictReplace() {
    return nested(UNIQUE, "on_conflict", "replace");
  }

  /**
   * Runs once, with the payload of the last submit of its unique key, when none has come for so
   * long.
   *
   * @param maxWait so long after the first one at the latest; null = no bound
   */
  public NewJob debounce(Duration wait, @Nullable Duration maxWait) {
    Map<String, Object> debounce = new LinkedHashMap<>();
    debounce.put("wait", wait.toString());
    if (maxWait != null) {
      debounce.put("max_wait", maxWait.toString());
    }
    return nested(UNIQUE, "on_conflict", "debounce").nested(UNIQUE, "debounce", debounce);
  }

  /**
   * Tells of its end by a call to this URL, however it ends.
   *
   * @param url {@code http} or {@code https}, up to 2,048 characters
   */
  public NewJob callback(String url) {
    return nested("callback", "url", url);
  }

  /** Likewise, of these ends only: DONE, FAILED, CANCELLED, EXPIRED. */
  public NewJob callback(String url, Set<JobView.State> on) {
    List<String> names =
        on.stream().map(state -> state.name().toLowerCase(Locale.ROOT)).sorted().toList();
    return callback(url).nested("callback", "on", names);
  }

  /**
   * Marks this submit as one and the same however often it is sent, so that the client may repeat
   * it when an answer is lost. 1 to 200 printable ASCII characters.
   */
  public NewJob idempotencyKey(String key) {
    return new NewJob(fields, key);
  }

  Map<String, Object> fields() {
    return fields;
  }

  @Nullable String key() {
    return idempotencyKey;
  }

  private NewJob retry(String name, Object value) {
    return nested("retry", name, value);
  }

  private NewJob nested(String outer, String name, Object value) {
    Map<String, Object> inner = new LinkedHashMap<>();
    if (fields.get(outer) instanceof Map<?, ?> present) {
      present.forEach((key, old) -> inner.put(String.valueOf(key), old));
    }
    inner.put(name, value);
    return with(outer, inner);
  }

  private NewJob with(String name, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(fields);
    copy.put(name, value);
    return new NewJob(copy, idempotencyKey);
  }
}
