package io.quikqueue.handler;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that a handler adds to the workflow of its job, see {@link HandlerContext#spawn}.
 *
 * @param type of its job
 * @param payload of its job, written as JSON by the rules of {@link Handler#handle}; null = the
 *     JSON null
 * @param name behind that of the node which adds it, 1 to 64 of {@code A-Z a-z 0-9 _ -}; null = its
 *     place among those that the attempt adds, from 0
 * @param queue of its job; null = {@code default}
 * @param optional whether its failure counts as success
 */
public record NewNode(
    String type,
    @Nullable Object payload,
    @Nullable String name,
    @Nullable String queue,
    boolean optional) {

  public NewNode {
    Objects.requireNonNull(type, "type");
  }

  /** A node in the default queue. */
  public static NewNode of(String type, @Nullable Object payload) {
    return new NewNode(type, payload, null, null, false);
  }

  /** The same under a name. */
  public NewNode named(String other) {
    return new NewNode(type, payload, other, queue, optional);
  }

  /** The same in a queue. */
  public NewNode inQueue(String other) {
    return new NewNode(type, payload, name, other, optional);
  }

  /** The same, but its failure counts as success. */
  public NewNode asOptional() {
    return new NewNode(type, payload, name, queue, true);
  }
}
