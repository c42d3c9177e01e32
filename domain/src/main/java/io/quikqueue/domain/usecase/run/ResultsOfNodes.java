package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.Workflows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The results of nodes; that of a node which is one for each item is a list in their order. */
final class ResultsOfNodes {

  private final Workflows workflows;

  ResultsOfNodes(Workflows workflows) {
    this.workflows = workflows;
  }

  /**
   * As {@link Workflows#results}, with the lists written out.
   *
   * @param mostChars that they may have together, and each list again
   * @return null when they have more
   */
  @Nullable NodeResults read(WorkflowId workflow, Collection<String> names, long mostChars) {
    NodeResults results = workflows.results(workflow, names, mostChars);
    if (results == null || results.lists().isEmpty()) {
      return results;
    }
    Map<String, String> texts = new HashMap<>(results.texts());
    Map<String, String> missing = new HashMap<>(results.missing());
    long left = mostChars;
    for (Map.Entry<String, Integer> list : results.lists().entrySet()) {
      List<String> nodes = new ArrayList<>(list.getValue());
      for (int i = 0; i < list.getValue(); i++) {
        nodes.add(list.getKey() + SpawnedNode.SEPARATOR + i);
      }
      NodeResults items = workflows.results(workflow, nodes, left);
      if (items == null) {
        return null;
      }
      StringBuilder text = new StringBuilder("[");
      String closed = null;
      for (String node : nodes) {
        String item = items.texts().getOrDefault(node, "null");
        closed = closed == null && SealedText.isSealed(item) ? item : closed;
        if (NodeResults.DELETED.equals(items.missing().get(node))) {
          missing.put(list.getKey(), "the job of node " + node + " has been deleted");
        }
        text.append(text.length() == 1 ? "" : ",").append(item);
      }
      left -= text.length();
      if (left < 0) {
        return null;
      }
      texts.put(list.getKey(), closed == null ? text.append(']').toString() : closed);
    }
    return new NodeResults(texts, missing);
  }
}
