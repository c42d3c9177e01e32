package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * How jobs of a type or a queue are tried that do not say so. A change is in force on every process
 * within a second. Safe for use by many threads. All methods throw a {@link QuikQueueException}.
 */
public final class Policies {

  private final Calls calls;

  /** How the client calls the server; again when it is away. */
  interface Calls {

    JsonNode get(String path);

    JsonNode put(String path, Map<String, Object> fields);

    JsonNode delete(String path);
  }

  Policies(Calls calls) {
    this.calls = calls;
  }

  /** The policy of a type; empty when it has none. */
  public Optional<PolicyView> ofType(String type) {
    return find(typePath(type));
  }

  /** The policy of a queue; empty when it has none. */
  public Optional<PolicyView> ofQueue(String queue) {
    return find(queuePath(queue));
  }

  /**
   * Sets the policy of a type, in the place of the one before.
   *
   * @return the policy after it
   */
  public PolicyView putType(String type, NewPolicy policy) {
    return PolicyView.of(calls.put(typePath(type), policy.fields()));
  }

  /** Sets the policy of a queue; likewise. */
  public PolicyView putQueue(String queue, NewPolicy policy) {
    return PolicyView.of(calls.put(queuePath(queue), policy.fields()));
  }

  /**
   * Takes back what was set for a type; what a configuration declares is in force again.
   *
   * @return whether anything was set
   */
  public boolean deleteType(String type) {
    return delete(typePath(type));
  }

  /** Takes back what was set for a queue; likewise. */
  public boolean deleteQueue(String queue) {
    return delete(queuePath(queue));
  }

  private Optional<PolicyView> find(String path) {
    try {
      return Optional.of(PolicyView.of(calls.get(path)));
    } catch (QuikQueueException.NotFound e) {
      return Optional.empty();
    }
  }

  private boolean delete(String path) {
    try {
      var unused = calls.delete(path);
      return true;
    } catch (QuikQueueException.NotFound e) {
      return false;
    }
  }

  private static String typePath(String type) {
    return "/v1/types/" + encoded(type) + "/policy";
  }

  private static String queuePath(String queue) {
    return "/v1/queues/" + encoded(queue) + "/policy";
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
