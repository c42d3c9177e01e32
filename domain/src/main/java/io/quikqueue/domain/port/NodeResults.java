package io.quikqueue.domain.port;

import java.util.Map;

/**
 * What nodes of a workflow resulted in, by their names. A node that is in none did not succeed.
 *
 * @param texts JSON texts
 * @param missing of nodes that succeeded and whose result is not there, why; for people
 * @param lists of nodes that are one for each item of a list, how many; their result is the list of
 *     the results of those
 */
public record NodeResults(
    Map<String, String> texts, Map<String, String> missing, Map<String, Integer> lists) {

  /** Why there is no result of a job that was pruned or deleted. */
  public static final String DELETED = "its job has been deleted";

  /** Why there is none of one that gave none. */
  public static final String NONE = "it ended without a result";

  public NodeResults {
    texts = Map.copyOf(texts);
    missing = Map.copyOf(missing);
    lists = Map.copyOf(lists);
  }

  /** Of nodes that are not for items. */
  public NodeResults(Map<String, String> texts, Map<String, String> missing) {
    this(texts, missing, Map.of());
  }
}
