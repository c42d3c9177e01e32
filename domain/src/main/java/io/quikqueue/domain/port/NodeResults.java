package io.quikqueue.domain.port;

import java.util.Map;

/**
 * What nodes of a workflow resulted in, by their names. A node that is in neither did not succeed.
 *
 * @param texts JSON texts
 * @param missing of nodes that succeeded and whose result is not there, why; for people
 */
public record NodeResults(Map<String, String> texts, Map<String, String> missing) {

  /** Why there is no result of a job that was pruned or deleted. */
  public static final String DELETED = "its job has been deleted";

  /** Why there is none of one that gave none. */
  public static final String NONE = "it ended without a result";

  public NodeResults {
    texts = Map.copyOf(texts);
    missing = Map.copyOf(missing);
  }
}
