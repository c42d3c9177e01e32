package io.quikqueue.domain.job;

/**
 * A node that an attempt adds to its workflow when it succeeds.
 *
 * @param name of its own, to be put behind that of the node which adds it, see {@link #nameBehind};
 *     1 to 64 of {@code A-Z a-z 0-9 _ -}
 * @param optional whether its failure counts as success
 * @param job of which the store says which node of the workflow it is
 */
public record SpawnedNode(String name, boolean optional, Job job) {

  /** Nodes that one attempt may add. */
  public static final int MOST = 1_000;

  /** Characters that their payloads may have together. */
  public static final long MOST_CHARS = 4L << 20;

  /** Nodes that may wait for a node that adds others: they wait for each of those too. */
  public static final int MOST_DEPENDENTS = 100;

  /** How often nodes that were added may add others in their turn. */
  public static final int DEEPEST = 8;

  /** Characters of the whole name. */
  public static final int LONGEST_NAME = 255;

  /** Parts a name from that of the node which added it. */
  public static final char SEPARATOR = ':';

  /** Its name in the workflow. */
  public String nameBehind(String parent) {
    return parent + SEPARATOR + name;
  }

  /** The job as this node of a workflow. */
  public Job jobAs(WorkflowId workflow, int index) {
    NodeRef node = new NodeRef(workflow, index, false);
    return job.toBuilder().spec(job.spec().toBuilder().node(node).build()).build();
  }
}
