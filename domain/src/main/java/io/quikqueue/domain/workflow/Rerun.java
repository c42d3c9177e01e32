package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import io.quikqueue.domain.workflow.Needs.Verdict;
import io.quikqueue.domain.workflow.RetryRequest.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of a workflow that has ended run again, and what each of them waits for. The others
 * are kept as they ended, and count for those that run again as they did before. A node that could
 * not run with what is kept is kept too.
 *
 * @param nodes by their indexes the needs of those that run again, with what is kept counted
 * @param waitsFor by their indexes those that they need and that run again too
 * @param retired the indexes of nodes that others added which run again: they are SKIPPED until
 *     they are added again
 */
public record Rerun(
    NavigableMap<Integer, Needs> nodes,
    Map<Integer, List<Integer>> waitsFor,
    NavigableSet<Integer> retired) {

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
    TreeMap<Integer, Needs> chosen = new TreeMap<>();
    Map<Integer, List<Integer>> waitsFor = new HashMap<>();
    TreeSet<Integer> retired = new TreeSet<>();
    for (int node : addersFirst(graph, index)) {
      Integer adder = adder(specs.get(node), index);
      if (adder != null && (chosen.containsKey(adder) || retired.contains(adder))) {
        retired.add(node);
        continue;
      }
      if (isRetired(specs.get(node).name(), ends.get(node))) {
        if (named.containsKey(node)) {
          wrong(wrongs, "from." + named.get(node), "was not added again, and is no part of it now");
        }
        continue;
      }
      List<Integer> needed =
          graph.needs(node).stream()
              .filter(
                  other ->
                      !retired.contains(other)
                          && !isRetired(specs.get(other).name(), ends.get(other)))
              .toList();
      boolean behind = needed.stream().anyMatch(chosen::containsKey);
      if (wants(asked.mode(), ends.get(node), behind, named.containsKey(node))) {
        Needs needs = needs(specs, needed, ends, node, chosen);
        if (needed.isEmpty() || needs.verdict() != Verdict.SKIP) {
          chosen.put(node, needs);
          waitsFor.put(node, needed.stream().filter(chosen::containsKey).toList());
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
    return new Rerun(chosen, waitsFor, retired);
  }

  /** Whether it was added by a node that has run again since, and not added it again. */
  public static boolean isRetired(String name, @Nullable JobState end) {
    return end == JobState.SKIPPED && Growth.adderOf(name) != null;
  }

  /** The index of the node that added one; null = it came with the workflow. */
  private static @Nullable Integer adder(NodeSpec spec, Map<String, Integer> index) {
    String name = Growth.adderOf(spec.name());
    return name == null ? null : index.get(name);
  }

  /** The nodes, each behind those that it needs, and behind the one that added it. */
  private static List<Integer> addersFirst(Graph graph, Map<String, Integer> index) {
    List<NodeSpec> specs = graph.spec().nodes();
    Map<Integer, List<Integer>> added = new HashMap<>(0);
    for (int i = 0; i < specs.size(); i++) {
      Integer adder = adder(specs.get(i), index);
      if (adder != null) {
        added.computeIfAbsent(adder, _ -> new ArrayList<>()).add(i);
      }
    }
    if (added.isEmpty()) {
      return graph.order();
    }
    List<Integer> order = new ArrayList<>(specs.size());
    for (int node : graph.order()) {
      if (Growth.adderOf(specs.get(node).name()) == null) {
        int from = order.size();
        order.add(node);
        for (int at = from; at < order.size(); at++) {
          order.addAll(added.getOrDefault(order.get(at), List.of()));
        }
      }
    }
    return order;
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
      List<NodeSpec> specs,
      List<Integer> needed,
      List<JobState> ends,
      int node,
      Map<Integer, Needs> chosen) {
    Needs needs = Needs.of(specs.get(node).runIf(), needed.size());
    for (int each : needed) {
      if (!chosen.containsKey(each)) {
        NodeSpec kept = specs.get(each);
        needs = needs.after(kept.name(), ends.get(each), kept.optional());
      }
    }
    return needs;
  }
}
