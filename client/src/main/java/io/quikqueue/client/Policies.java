package io.quikqueue.client;

import java.util.Optional;

/**
 * How jobs of a type or a queue are tried that do not say so. A change is in force on every process
 * within a second. Safe for use by many threads. All methods throw a {@link QuikQueueException}.
 */
public final class Policies {

  private final Calls calls;

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
    return PolicyView.of(calls.send("PUT", typePath(type), policy.fields(), true));
  }

  /** Sets the policy of a queue; likewise. */
  public PolicyView putQueue(String queue, NewPolicy policy) {
    return PolicyView.of(calls.send("PUT", queuePath(queue), policy.fields(), true));
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
      var unused = calls.send("DELETE", path, null, true);
      return true;
    } catch (QuikQueueException.NotFound e) {
      return false;
    }
  }

  private static String typePath(String type) {
    return "/v1/types/" + Calls.encoded(type) + "/policy";
  }

  private static String queuePath(String queue) {
    return "/v1/queues/" + Calls.encoded(queue) + "/policy";
  }
}
