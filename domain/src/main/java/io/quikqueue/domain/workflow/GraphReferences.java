package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.ForEach;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The references of the nodes of a workflow that is checked; used once. */
final class GraphReferences {

  private final List<NodeSpec> nodes;
  private final Map<String, Integer> index;
  private final int[][] needs;
  private final BiConsumer<String, String> wrong;
  private final boolean[] refers;

  /** By node the others that it refers to and does not need itself, with where it does. */
  private final Map<Integer, Map<Integer, Distant>> distant = new HashMap<>();

  private record Distant(Reference reference, String field) {}

  /**
   * @param index of the nodes by their names
   * @param needs of the nodes by their indexes, which are filled in before references are read
   * @param wrong gets a field and what is wrong with it
   */
  GraphReferences(
      List<NodeSpec> nodes,
      Map<String, Integer> index,
      int[][] needs,
      BiConsumer<String, String> wrong) {
    this.nodes = nodes;
    this.index = index;
    this.needs = needs;
    this.wrong = wrong;
    this.refers = new boolean[nodes.size()];
  }

  /** By the indexes of nodes, whether they have references. */
  boolean[] refers() {
    return refers;
  }

  /** Reads those of a node. */
  void read(int node) {
    List<References.Place> places = References.in(nodes.get(node).job().payload());
    ForEach forEach = nodes.get(node).forEach();
    refers[node] = !places.isEmpty() || forEach != null;
    String field = "nodes." + node + ".payload";
    if (places.size() > References.MOST) {
      wrong.accept(field, "must have at most 10,000 references");
      return;
    }
    Set<Integer> direct = new HashSet<>();
    for (int needed : needs[node]) {
      direct.add(needed);
    }
    if (forEach != null) {
      read(node, direct, forEach.from(), false, "nodes." + node + ".for_each");
    }
    for (References.Place place : places) {
      read(node, direct, place.text(), forEach != null, field);
    }
  }

  /**
   * @param ofItem whether it may be of an item
   */
  private void read(int node, Set<Integer> direct, String text, boolean ofItem, String field) {
    Reference reference = Reference.parse(text);
    if (reference == null) {
      wrong.accept(field, "has a $from that is not the name of a node, or a path behind it");
    } else if (reference.isOfItem() && !ofItem) {
      wrong.accept(
          field, "has a $from to \"" + reference.node() + "\", which is for nodes with for_each");
    } else if (reference.isOfItem()) {
      if (reference.node().equals(Reference.INDEX) && !reference.path().isEmpty()) {
        wrong.accept(field, "has a $from with a path behind $index, which is a number");
      }
    } else {
      Integer other = index.get(reference.node());
      if (other == null) {
        wrong.accept(field, "has a $from to \"" + reference.node() + "\", which is no node");
      } else if (!direct.contains(other)) {
        distant
            .computeIfAbsent(node, _ -> new HashMap<>())
            .putIfAbsent(other, new Distant(reference, field));
      }
    }
  }

  /**
   * Checks those that skip over nodes.
   *
   * @param order the indexes of the nodes, each behind those that it needs
   */
  void checkDistant(List<Integer> order) {
    if (distant.isEmpty()) {
      return;
    }
    Map<Integer, Integer> bits = new HashMap<>();
    Set<Integer> referred = new TreeSet<>();
    distant.values().forEach(each -> referred.addAll(each.keySet()));
    referred.forEach(node -> bits.put(node, bits.size()));
    BitSet[] before = new BitSet[needs.length];
    for (int node : order) {
      BitSet ancestors = new BitSet();
      for (int needed : needs[node]) {
        ancestors.or(before[needed]);
        Integer bit = bits.get(needed);
        if (bit != null) {
          ancestors.set(bit);
        }
      }
      before[node] = ancestors;
    }
    distant.forEach(
        (node, references) ->
            references.forEach((other, each) -> check(before[node], bits.get(other), each)));
  }

  private void check(@Nullable BitSet ancestors, @Nullable Integer bit, Distant each) {
    if (ancestors != null && (bit == null || !ancestors.get(bit))) {
      wrong.accept(
          each.field(),
          "has a $from to \"" + each.reference().node() + "\", which is not behind its needs");
    }
  }
}
