package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The results of nodes; that of a node which is one for each item is a list in their order. */
final class ResultsOfNodes {

  private final Workflows workflows;

  ResultsOfNodes(Workflows workflows) {
    this.workflows = workflows;
  }

  /**
   * What references need: as {@link Workflows#results}, with the lists written out. Of a list to
   * which no reference is as a whole only the items are read that are referred to; the others are
   * {@code null} in it.
   *
   * @param mostChars that they may have together, and each list again
   * @return null when they have more
   */
  @Nullable NodeResults read(
      WorkflowId workflow, Collection<Reference> references, long mostChars) {
    Set<String> names = new HashSet<>();
    references.forEach(each -> names.add(each.node()));
    NodeResults results = workflows.results(workflow, names, mostChars);
    if (results == null || results.lists().isEmpty()) {
      return results;
    }
    Map<String, String> texts = new HashMap<>(results.texts());
    Map<String, String> missing = new HashMap<>(results.missing());
    long left = mostChars;
    for (Map.Entry<String, Integer> list : results.lists().entrySet()) {
      List<String> nodes = nodes(list.getKey(), list.getValue());
      Set<String> read = read(list.getKey(), nodes, references);
      NodeResults items = workflows.results(workflow, read, left);
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

  /** The nodes of a list, in their order. */
  private static List<String> nodes(String list, int count) {
    List<String> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(list + SpawnedNode.SEPARATOR + i);
    }
    return nodes;
  }

  /** Those of the nodes of a list that references are to. */
  private static Set<String> read(
      String list, List<String> nodes, Collection<Reference> references) {
    Set<String> read = new HashSet<>();
    for (Reference reference : references) {
      if (!reference.node().equals(list)) {
        continue;
      }
      if (reference.path().isEmpty()) {
        return new HashSet<>(nodes);
      }
      int index = Reference.index(reference.path().getFirst());
      if (index >= 0 && index < nodes.size()) {
        read.add(nodes.get(index));
      }
    }
    return read;
  }
}
