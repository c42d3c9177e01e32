package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.workflow.InvalidWorkflowException.Wrong;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A workflow that was checked, with its nodes by their indexes. Checking takes time in proportion
 * to the nodes, needs and payloads; where references skip over nodes, also to the needs times the
 * nodes that are referred to, as bits.
 */
public final class Graph {

  private static final int MOST_WRONGS = 20;

  private final WorkflowSpec spec;
  private final int[][] needs;
  private final boolean[] refers;
  private final List<Integer> order;

  private Graph(WorkflowSpec spec, int[][] needs, boolean[] refers, List<Integer> order) {
    this.spec = spec;
    this.needs = needs;
    this.refers = refers;
    this.order = order;
  }

  public WorkflowSpec spec() {
    return spec;
  }

  /** How many nodes there are. */
  public int size() {
    return needs.length;
  }

  /** The indexes of the nodes that a node needs, in the order in which it names them. */
  public List<Integer> needs(int node) {
    return Arrays.stream(needs[node]).boxed().toList();
  }

  /** The indexes of all nodes, each behind those that it needs. */
  public List<Integer> order() {
    return order;
  }

  /** Whether the payload of a node has references. */
  public boolean refers(int node) {
    return refers[node];
  }

  /**
   * Checks a workflow.
   *
   * @throws InvalidWorkflowException naming up to 20 fields, as {@code nodes.3.needs.0}
   */
  public static Graph of(WorkflowSpec spec) {
    return new Check(spec, false).graph();
  }

  /**
   * A workflow as it has become: with nodes that others have added. Who needs a node needs those
   * that it added too. Throws likewise.
   */
  public static Graph grown(WorkflowSpec spec) {
    return new Check(spec, true).graph();
  }

  /** One check; used once. */
  private static final class Check {

    private final WorkflowSpec spec;
    private final boolean grown;
    private final List<NodeSpec> nodes;
    private final List<Wrong> wrongs = new ArrayList<>();
    private final Map<String, Integer> index = new HashMap<>();
    private final int[][] needs;
    private final GraphReferences references;

    Check(WorkflowSpec spec, boolean grown) {
      this.spec = spec;
      this.grown = grown;
      this.nodes = spec.nodes();
      this.needs = new int[nodes.size()][];
      this.references = new GraphReferences(nodes, index, needs, this::wrong);
    }

    Graph graph() {
      if (nodes.isEmpty() || nodes.size() > WorkflowSpec.MOST_NODES) {
        wrong("nodes", "must be 1 to 10,000");
        throw new InvalidWorkflowException(wrongs);
      }
      names();
      int total = 0;
      for (int i = 0; i < nodes.size(); i++) {
        needs(i);
        total += needs[i].length;
      }
      dependents();
      if (total > WorkflowSpec.MOST_NEEDS) {
        wrong("nodes", "must have at most 100,000 needs together");
      }
      if (grown && wrongs.isEmpty()) {
        needAdded();
      }
      for (int i = 0; i < nodes.size(); i++) {
        references.read(i);
      }
      List<Integer> order = wrongs.isEmpty() ? order() : List.of();
      if (wrongs.isEmpty()) {
        references.checkDistant(order);
      }
      if (!wrongs.isEmpty()) {
        throw new InvalidWorkflowException(wrongs);
      }
      return new Graph(spec, needs, references.refers(), List.copyOf(order));
    }

    private void wrong(String field, String message) {
      if (wrongs.size() < MOST_WRONGS) {
        wrongs.add(new Wrong(field, message));
      }
    }

    private void names() {
      for (int i = 0; i < nodes.size(); i++) {
        String name = nodes.get(i).name();
        if (!(grown ? Reference.isNameOfAny(name) : Reference.isName(name))) {
          wrong(
              "nodes." + i + ".name",
              "must be 1 to 64 of A-Z a-z 0-9 _ -, and begin with a letter or a digit");
        } else if (index.putIfAbsent(name, i) != null) {
          wrong("nodes." + i + ".name", "is the name of another node: \"" + name + "\"");
        }
      }
    }

    private void needs(int node) {
      List<String> named = nodes.get(node).needs();
      int[] found = new int[named.size()];
      Set<String> seen = new HashSet<>();
      int count = 0;
      for (int i = 0; i < named.size(); i++) {
        Integer needed = index.get(named.get(i));
        String field = "nodes." + node + ".needs." + i;
        if (needed == null) {
          wrong(field, "is the name of no node");
        } else if (needed == node) {
          wrong(field, "is the node itself");
        } else if (!seen.add(named.get(i))) {
          wrong(field, "is there twice");
        } else {
          found[count++] = needed;
        }
      }
      needs[node] = Arrays.copyOf(found, count);
    }

    /** Few may wait for one that is to add others. */
    private void dependents() {
      int[] dependents = new int[nodes.size()];
      for (int[] each : needs) {
        for (int needed : each) {
          dependents[needed]++;
        }
      }
      for (int i = 0; i < dependents.length; i++) {
        if (nodes.get(i).forEach() != null && dependents[i] > SpawnedNode.MOST_DEPENDENTS) {
          wrong("nodes." + i + ".for_each", "is of a node that more than 100 others need");
        }
      }
    }

    /**
     * Who needs a node needs those that it has added, and those that these have. That is bounded
     * again here: nodes that had been cancelled did not count when others were added.
     */
    private void needAdded() {
      Map<Integer, List<Integer>> added = new HashMap<>(0);
      for (int i = 0; i < nodes.size(); i++) {
        String adder = Growth.adderOf(nodes.get(i).name());
        Integer by = adder == null ? null : index.get(adder);
        if (by != null) {
          added.computeIfAbsent(by, _ -> new ArrayList<>()).add(i);
        }
      }
      int total = 0;
      for (int i = 0; i < nodes.size() && !added.isEmpty(); i++) {
        List<Integer> all = new ArrayList<>(needs[i].length);
        for (int needed : needs[i]) {
          all.add(needed);
        }
        for (int at = 0; at < all.size(); at++) {
          all.addAll(added.getOrDefault(all.get(at), List.of()));
        }
        needs[i] = all.stream().mapToInt(Integer::intValue).toArray();
        total += all.size();
        if (total > WorkflowSpec.MOST_GROWN_NEEDS) {
          wrong("nodes", "have more than 1,000,000 needs, with those on nodes that were added");
          return;
        }
      }
    }

    /** The nodes, each behind what it needs; those in circles are told of and left out. */
    private List<Integer> order() {
      int[] open = new int[needs.length];
      List<List<Integer>> dependents = new ArrayList<>();
      for (int i = 0; i < needs.length; i++) {
        dependents.add(new ArrayList<>(0));
      }
      Deque<Integer> free = new ArrayDeque<>();
      for (int i = 0; i < needs.length; i++) {
        open[i] = needs[i].length;
        for (int needed : needs[i]) {
          dependents.get(needed).add(i);
        }
        if (open[i] == 0) {
          free.add(i);
        }
      }
      List<Integer> order = new ArrayList<>(needs.length);
      while (!free.isEmpty()) {
        int node = free.remove();
        order.add(node);
        for (int dependent : dependents.get(node)) {
          if (--open[dependent] == 0) {
            free.add(dependent);
          }
        }
      }
      if (order.size() < needs.length) {
        circle(open);
      }
      return order;
    }

    /** Tells of one circle: from any node that is left, needs that are left lead into one. */
    private void circle(int[] open) {
      int at = 0;
      while (open[at] == 0) {
        at++;
      }
      Set<Integer> seen = new HashSet<>();
      while (seen.add(at)) {
        at = nextInCircle(at, open);
      }
      List<String> names = new ArrayList<>();
      int start = at;
      do {
        if (names.size() < 10) {
          names.add(nodes.get(at).name());
        }
        at = nextInCircle(at, open);
      } while (at != start);
      wrong("nodes." + start + ".needs", "lead back to the node itself: " + names);
    }

    private int nextInCircle(int node, int[] open) {
      for (int needed : needs[node]) {
        if (open[needed] > 0) {
          return needed;
        }
      }
      throw new IllegalStateException("a node is left that needs nothing that is left");
    }
  }
}
