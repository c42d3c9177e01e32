package io.quikqueue.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a program asks for that runs jobs itself. Immutable.
 *
 * @param worker the name of the program, its own among all that run; a new one at each start
 * @param types the types of job that it runs; empty = all
 * @param max the most jobs, 1 to 500
 * @param patience how long to wait for the first job
 * @param length how long a job is the program's without a heartbeat, 5 s to 1 h
 */
public record LeaseRequest(
    String worker, List<String> types, int max, Duration patience, Duration length) {

  public LeaseRequest {
    types = List.copyOf(types);
  }

  /** One job of these types (none = all), under a lease of 30 s, if there is one now. */
  public static LeaseRequest of(String worker, String... types) {
    return new LeaseRequest(worker, List.of(types), 1, Duration.ZERO, Duration.ofSeconds(30));
  }

  /** With so many jobs at most. */
  public LeaseRequest max(int most) {
    return new LeaseRequest(worker, types, most, patience, length);
  }

  /** With a wait for the first job. */
  public LeaseRequest patience(Duration wait) {
    return new LeaseRequest(worker, types, max, wait, length);
  }

  /** With leases of another length. */
  public LeaseRequest length(Duration lease) {
    return new LeaseRequest(worker, types, max, patience, lease);
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("worker", worker);
    fields.put("types", types);
    fields.put("max", max);
    fields.put("wait", patience.toMillis() + "ms");
    fields.put("lease", length.toMillis() + "ms");
    return fields;
  }
}
