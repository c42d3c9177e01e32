package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.SpawnedNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How large a workflow may become by nodes that its nodes add. */
public final class Growth {

  static final String TOO_LARGE = "the workflow would have more than 10,000 nodes";

  private Growth() {}

  /**
   * Why nodes cannot be added, for people; null = they can.
   *
   * @param by the name of the node that adds them
   * @param size how many nodes the workflow has without them
   * @param known how many of them it has already, from an earlier generation
   * @param dependents how many nodes wait for that node
   */
  public static @Nullable String problem(
      String by, int size, int known, int dependents, List<SpawnedNode> spawned) {
    if (size + spawned.size() - known > WorkflowSpec.MOST_NODES) {
      return TOO_LARGE;
    }
    if (dependents > SpawnedNode.MOST_DEPENDENTS) {
      return "more than 100 nodes wait for this one, and would for each that it adds";
    }
    if ((long) dependents * spawned.size() > WorkflowSpec.MOST_NEEDS) {
      return "those that wait for this one would wait for more than 100,000 nodes together";
    }
    if (depth(by) >= SpawnedNode.DEEPEST) {
      return "its nodes would be added by nodes that were added, more than 8 deep";
    }
    for (SpawnedNode each : spawned) {
      if (each.nameBehind(by).length() > SpawnedNode.LONGEST_NAME) {
        return "a name behind those before it would have more than 255 characters";
      }
    }
    return null;
  }

  /** How many of the nodes before one were added in turn; 0 = it came with the workflow. */
  public static int depth(String name) {
    return (int) name.chars().filter(c -> c == SpawnedNode.SEPARATOR).count();
  }

  /** The name of the node that added one; null = it came with the workflow. */
  public static @Nullable String adderOf(String name) {
    int at = name.lastIndexOf(SpawnedNode.SEPARATOR);
    return at < 0 ? null : name.substring(0, at);
  }
}
