package io.quikqueue.domain.port;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which QUEUED jobs of a queue are asked for.
 *
 * @param types only jobs of these types; empty = of all
 * @param group only jobs of this group; null = of all, and those without one
 * @param except groups whose jobs are passed over without being read, at most 500
 */
public record BacklogQuery(
    String queue, Set<String> types, @Nullable String group, Set<String> except) {

  /** The most groups that can be passed over. */
  public static final int MOST_EXCEPT = 500;

  public BacklogQuery {
    types = Set.copyOf(types);
    except = Set.copyOf(except);
    if (except.size() > MOST_EXCEPT) {
      throw new IllegalArgumentException(except.size() + " groups to be passed over");
    }
  }
}
