package io.quikqueue.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to be changed of a job that is retried; all else stays as it was. Immutable. */
public final class RetryChanges {

  private final Map<String, Object> fields;

  private RetryChanges(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** Another payload: null, or anything that Jackson can write. */
  public static RetryChanges payload(@Nullable Object payload) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("payload", payload);
    return new RetryChanges(fields);
  }

  /** Nothing yet. */
  public static RetryChanges none() {
    return new RetryChanges(Map.of());
  }

  /** From 0, first, to 9, last. */
  public RetryChanges priority(int priority) {
    return with("priority", priority);
  }

  /** How long one attempt may run. */
  public RetryChanges timeout(Duration timeout) {
    return with("timeout", timeout.toString());
  }

  /** How many failed attempts before it is given up. */
  public RetryChanges maxAttempts(int maxAttempts) {
    return retry("max_attempts", maxAttempts);
  }

  /** The waits after the first failure, the second and so on, 1 to 50; the last repeats. */
  public RetryChanges delays(List<Duration> delays) {
    return retry("delays", delays.stream().map(Duration::toString).toList());
  }

  Map<String, Object> fields() {
    return fields;
  }

  private RetryChanges retry(String name, Object value) {
    Map<String, Object> inner = new LinkedHashMap<>();
    if (fields.get("retry") instanceof Map<?, ?> present) {
      present.forEach((key, old) -> inner.put(String.valueOf(key), old));
    }
    inner.put(name, value);
    return with("retry", inner);
  }

  private RetryChanges with(String name, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(fields);
    copy.put(name, value);
    return new RetryChanges(copy);
  }
}
