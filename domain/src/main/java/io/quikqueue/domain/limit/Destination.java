package io.quikqueue.domain.limit;

import org.jspecify.annotations.Nullable;

/**
 * What a job calls, as far as others of it wait together: its group, or the host that it calls when
 * it has none.
 *
 * @param queue of the group; null for a host
 * @param name of the group; or scheme, name and port of the host
 */
public record Destination(@Nullable String queue, String name) {

  public static Destination group(String queue, String group) {
    return new Destination(queue, group);
  }

  /**
   * A host.
   *
   * @param origin such as {@code http://127.0.0.1:8000}
   */
  public static Destination host(String origin) {
    return new Destination(null, origin);
  }

  /** As people read it. */
  @Override
  public String toString() {
    return queue == null ? "the host " + name : "the group \"" + name + '"';
  }
}
