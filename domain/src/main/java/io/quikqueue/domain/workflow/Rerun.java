package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.Needs.Verdict;
import io.quikqueue.domain.workflow.RetryRequest.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which nodes of a workflow that has ended run again, and what each of them waits for. The others
 * are kept as they ended, and count for those that run again as they did before. A node that could
 * not run with what is kept is kept too.
 *
 * @param nodes by their indexes the needs of those that run again, with what is kept counted
 */
public record Rerun(NavigableMap<Integer, Needs> nodes) {

  private static final int MOST_WRONGS = 20;

  /**
   * Chooses nodes, in time in proportion to the needs.
   *
   * @param ends how each node ended
   * @throws InvalidWorkflowException naming fields of the request, as {@code from.0}
   */
  public static Rerun of(Graph graph, List<JobState> ends, RetryRequest asked) {
    Map<String, Integer> index = new HashMap<>();
    List<NodeSpec> specs = graph.spec().nodes();
    for (int i = 0; i < specs.size(); i++) {
      index.put(specs.get(i).name(), i);
    }
    List<Wrong> wrongs = new ArrayList<>(0);
    Map<Integer, Integer> named = new HashMap<>();
    for (int i = 0; i < asked.from().size(); i++) {
      Integer node = index.get(asked.from().get(i));
      if (node == null) {
        wrong(wrongs, "from." + i, "is the name of no node");
      } else {
        named.put(node, i);
      }
    }
    Set<String> adders = adders(specs);
    TreeMap<Integer, Needs> chosen = new TreeMap<>();
    for (int node : graph.order()) {
      boolean behind = graph.needs(node).stream().anyMatch(chosen::containsKey);
      if (wants(asked.mode(), ends.get(node), behind, named.containsKey(node))) {
        if (adders.contains(specs.get(node).name())) {
          String field = named.containsKey(node) ? "from." + named.get(node) : "mode";
          wrong(
              wrongs,
              field,
              "would run " + specs.get(node).name() + " again, which has added nodes before");
        }
        Needs needs = needs(graph, ends, node, chosen);
        if (graph.needs(node).isEmpty() || needs.verdict() != Verdict.SKIP) {
          chosen.put(node, needs);
        } else if (named.containsKey(node)) {
          wrong(wrongs, "from." + named.get(node), "would be skipped again: " + needs.why());
        }
      }
    }
    for (String name : asked.payloads().keySet()) {
      Integer node = index.get(name);
      if (node == null || !chosen.containsKey(node)) {
        String field = Reference.isNameOfAny(name) ? "payloads." + name : "payloads";
        String what = node == null ? "is the name of no node" : "is of a node that is not retried";
        wrong(wrongs, field, what);
      }
    }
    if (!wrongs.isEmpty()) {
      throw new InvalidWorkflowException(wrongs);
    }
    return new Rerun(chosen);
  }

  /** The names of nodes that have added others, which would be there twice. */
  private static Set<String> adders(List<NodeSpec> specs) {
    Set<String> names = new HashSet<>(0);
    for (NodeSpec each : specs) {
      String adder = Growth.adderOf(each.name());
      if (adder != null) {
        names.add(adder);
      }
    }
    return names;
  }

  private static void wrong(List<Wrong> wrongs, String field, String message) {
    if (wrongs.size() < MOST_WRONGS) {
      wrongs.add(new Wrong(field, message));
    }
  }

  private static boolean wants(Mode mode, JobState end, boolean behind, boolean named) {
    boolean failed = end == JobState.FAILED || end == JobState.EXPIRED || end == JobState.CANCELLED;
    return switch (mode) {
      case FAILED -> failed || (behind && end == JobState.SKIPPED);
      case FAILED_AND_DOWNSTREAM -> failed || behind;
      case ALL -> true;
      case FROM -> named || behind;
    };
  }

  private static Needs needs(
      Graph graph, List<JobState> ends, int node, Map<Integer, Needs> chosen) {
    List<NodeSpec> specs = graph.spec().nodes();
    Needs needs = Needs.of(specs.get(node).runIf(), graph.needs(node).size());
    for (int needed : graph.needs(node)) {
      if (!chosen.containsKey(needed)) {
        NodeSpec kept = specs.get(needed);
        needs = needs.after(kept.name(), ends.get(needed), kept.optional());
      }
    }
    return needs;
  }
}
