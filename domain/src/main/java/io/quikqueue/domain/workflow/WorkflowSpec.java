package io.quikqueue.domain.workflow;

import java.util.List;

/**
 * What a client asks for, not checked yet.
 *
 * @param name for people and for finding it, 1 to 64 of {@code A-Z a-z 0-9 _ . -}
 * @param nodes at most {@value #MOST_NODES}
 */
public record WorkflowSpec(String name, OnFailure onFailure, List<NodeSpec> nodes) {

  public static final int MOST_NODES = 10_000;

  /** The most needs of all its nodes together. */
  public static final int MOST_NEEDS = 100_000;

  /** The same with those on nodes that others have added. */
  static final int MOST_GROWN_NEEDS = 1_000_000;

  public WorkflowSpec {
    nodes = List.copyOf(nodes);
  }
}
