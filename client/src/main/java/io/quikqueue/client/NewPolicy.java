package io.quikqueue.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How jobs are to be tried that do not say so; what is not named is left to the server. Immutable.
 */
public final class NewPolicy {

  private final Map<String, Object> fields;
  private final Map<String, Object> retry;

  private NewPolicy(Map<String, Object> fields, Map<String, Object> retry) {
    this.fields = fields;
    this.retry = retry;
  }

  /** Nothing yet. */
  public static NewPolicy none() {
    return new NewPolicy(Map.of(), Map.of());
  }

  /** How long one attempt may run. */
  public NewPolicy timeout(Duration timeout) {
    return new NewPolicy(with(fields, "timeout", timeout.toString()), retry);
  }

  /** How many failed attempts before a job is given up. */
  public NewPolicy maxAttempts(int maxAttempts) {
    return retry("max_attempts", maxAttempts);
  }

  /** The wait after the first failure, which doubles with each, and its cap. */
  public NewPolicy backoff(Duration first, Duration cap) {
    return retry("backoff", first.toString()).retry("backoff_cap", cap.toString());
  }

  /** The waits after the first failure, the second and so on, 1 to 50; the last repeats. */
  public NewPolicy delays(List<Duration> delays) {
    return retry("delays", delays.stream().map(Duration::toString).toList());
  }

  /** How long after it was due a job is tried at most. */
  public NewPolicy maxElapsed(Duration maxElapsed) {
    return retry("max_elapsed", maxElapsed.toString());
  }

  /** How many workers may be lost with a job before it is given up. */
  public NewPolicy maxCrashes(int maxCrashes) {
    return retry("max_crashes", maxCrashes);
  }

  private NewPolicy retry(String name, Object value) {
    return new NewPolicy(fields, with(retry, name, value));
  }

  private static Map<String, Object> with(Map<String, Object> fields, String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return more;
  }

  Map<String, Object> fields() {
    return retry.isEmpty() ? fields : with(fields, "retry", retry);
  }
}
