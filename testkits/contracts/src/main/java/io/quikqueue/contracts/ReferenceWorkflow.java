package io.quikqueue.contracts;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow does, written from its description alone and as simply as can be: each event is
 * followed by going over all nodes until nothing changes. Null in its lists = has not ended.
 */
final class ReferenceWorkflow {

  private final List<NodeSpec> nodes;
  private final boolean cancelsRest;
  private final Map<String, Integer> index = new HashMap<>();
  private final Map<Integer, List<Integer>> needs = new HashMap<>();
  private final List<@Nullable JobState> ends = new ArrayList<>();
  private final TreeSet<Integer> ready = new TreeSet<>();

  /** Nodes that wait instead of running, and do so now. */
  private final TreeSet<Integer> pausing = new TreeSet<>();

  /** Signals that nobody has taken. */
  private final List<String> signals = new ArrayList<>();

  private boolean cancelled;

  ReferenceWorkflow(WorkflowSpec spec) {
    this.nodes = new ArrayList<>(spec.nodes());
    this.cancelsRest = spec.onFailure() == OnFailure.CANCEL_REST;
    for (int i = 0; i < nodes.size(); i++) {
      ends.add(null);
      index.put(nodes.get(i).name(), i);
    }
    settle();
  }

  /** The nodes that there are now. */
  List<NodeSpec> nodes() {
    return List.copyOf(nodes);
  }

  /** A node adds another one, whose name begins with its own, and which needs nothing. */
  void spawn(NodeSpec node) {
    Integer known = index.get(node.name());
    if (known == null) {
      index.put(node.name(), nodes.size());
      nodes.add(node);
      ends.add(null);
      ready.add(nodes.size() - 1);
    } else { // as in an earlier generation
      nodes.set(known, node);
      ends.set(known, null);
      ready.add(known);
    }
    needs.clear();
  }

  /** The place of the node with this name; null = there is none. */
  @Nullable Integer place(String name) {
    return index.get(name);
  }

  /** Whether it was added in an earlier generation and not again: nobody waits for it. */
  boolean isRetired(int node) {
    return ends.get(node) == JobState.SKIPPED && adder(node) != null;
  }

  private @Nullable Integer adder(int node) {
    String name = nodes.get(node).name();
    return name.contains(":") ? index.get(name.substring(0, name.lastIndexOf(':'))) : null;
  }

  /** The nodes that may run or are running. */
  List<Integer> ready() {
    return List.copyOf(ready);
  }

  /** The nodes that wait for a time or a signal, having all that they need. */
  List<Integer> pausing() {
    return List.copyOf(pausing);
  }

  /** A signal comes: one that waits for it ends, or will when it comes to wait. */
  void signal(String name) {
    signals.add(name);
    settle();
  }

  /** The nodes that wait for others. */
  List<Integer> waiting() {
    List<Integer> waiting = new ArrayList<>();
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i) == null && !ready.contains(i) && !pausing.contains(i)) {
        waiting.add(i);
      }
    }
    return waiting;
  }

  List<@Nullable JobState> ends() {
    return new ArrayList<>(ends);
  }

  /** Nodes end at once, by their own doing or since somebody cancels them. */
  void end(Map<Integer, JobState> ended) {
    ended.forEach(
        (node, end) -> {
          ends.set(node, end);
          ready.remove(node);
          pausing.remove(node);
        });
    if (cancelsRest && ended.keySet().stream().anyMatch(this::failed)) {
      cancelAll();
    }
    settle();
  }

  /** The workflow as a whole is cancelled. */
  void cancel() {
    if (open()) {
      cancelled = true;
      cancelAll();
    }
  }

  /**
   * Runs nodes again, all of which have ended.
   *
   * @return those that do; what they added before is retired until they add it again
   */
  Set<Integer> retry(RetryRequest asked) {
    Map<Integer, Boolean> chosen = new HashMap<>();
    for (int i = 0; i < ends.size(); i++) {
      runsAgain(i, asked, chosen);
    }
    Set<Integer> again = new TreeSet<>();
    chosen.forEach(
        (node, runs) -> {
          if (runs) {
            again.add(node);
          }
        });
    for (int i = 0; i < ends.size(); i++) {
      for (int node : again) {
        if (nodes.get(i).name().startsWith(nodes.get(node).name() + ":")) {
          ends.set(i, JobState.SKIPPED);
        }
      }
    }
    again.forEach(node -> ends.set(node, null));
    needs.clear();
    cancelled = false;
    signals.clear();
    settle();
    return again;
  }

  /** The nodes that could run with what they need as that has ended. */
  List<Integer> able() {
    needs.clear();
    return IntStream.range(0, ends.size()).filter(i -> !isRetired(i) && runs(i)).boxed().toList();
  }

  /** As asked, unless it needs none that runs again and could not run with the others. */
  private boolean runsAgain(int node, RetryRequest asked, Map<Integer, Boolean> known) {
    Boolean before = known.get(node);
    if (before != null) {
      return before;
    }
    Integer adder = adder(node);
    if (isRetired(node)
        || (adder != null && (runsAgain(adder, asked, known) || retires(adder, asked, known)))) {
      known.put(node, false);
      return false;
    }
    boolean behind = false;
    for (int need : needs(node)) {
      behind |= runsAgain(need, asked, known);
    }
    JobState end = ends.get(node);
    boolean failed = end == JobState.FAILED || end == JobState.CANCELLED || end == JobState.EXPIRED;
    boolean wanted =
        switch (asked.mode()) {
          case FAILED -> failed || (behind && end == JobState.SKIPPED);
          case FAILED_AND_DOWNSTREAM -> failed || behind;
          case ALL -> true;
          case FROM -> behind || asked.from().contains(nodes.get(node).name());
        };
    boolean runs = wanted && (behind || runs(node));
    known.put(node, runs);
    return runs;
  }

  /** Whether a node is retired since one of those that added it runs again. */
  private boolean retires(int node, RetryRequest asked, Map<Integer, Boolean> known) {
    Integer adder = adder(node);
    return adder != null && (runsAgain(adder, asked, known) || retires(adder, asked, known));
  }

  WorkflowState state() {
    if (open()) {
      return WorkflowState.RUNNING;
    }
    if (cancelled) {
      return WorkflowState.CANCELLED;
    }
    boolean hard = false;
    boolean soft = false;
    for (int i = 0; i < ends.size(); i++) {
      hard |= failed(i);
      soft |= ends.get(i) != JobState.DONE && ends.get(i) != JobState.SKIPPED;
    }
    return hard
        ? WorkflowState.FAILED
        : soft ? WorkflowState.DONE_WITH_FAILURES : WorkflowState.DONE;
  }

  private void cancelAll() {
    for (int i = 0; i < ends.size(); i++) {
      ends.set(i, ends.get(i) == null ? JobState.CANCELLED : ends.get(i));
    }
    ready.clear();
    pausing.clear();
  }

  private boolean open() {
    return ends.contains(null);
  }

  private boolean failed(int node) {
    return !nodes.get(node).optional()
        && (ends.get(node) == JobState.FAILED
            || ends.get(node) == JobState.EXPIRED
            || ends.get(node) == JobState.CANCELLED);
  }

  private boolean succeeded(int node) {
    return ends.get(node) != JobState.SKIPPED && !failed(node);
  }

  private void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < ends.size(); i++) {
        NodeWait wait = nodes.get(i).waitsFor();
        if (pausing.contains(i) && wait != null && signals.remove(wait.signal())) {
          changed = true;
          pausing.remove(i);
          ends.set(i, JobState.DONE);
        }
        if (ends.get(i) == null && !ready.contains(i) && !pausing.contains(i) && allHaveEnded(i)) {
          changed = true;
          if (runs(i)) {
            (wait == null ? ready : pausing).add(i);
          } else {
            ends.set(i, JobState.SKIPPED);
          }
        }
      }
    }
  }

  /** Those that it names and those that these have added, and so on; known until one is added. */
  private List<Integer> needs(int node) {
    return needs.computeIfAbsent(
        node,
        of ->
            nodes.get(of).needs().stream()
                .flatMap(name -> subtree(name).stream())
                .map(name -> Objects.requireNonNull(index.get(name)))
                .filter(need -> !isRetired(need))
                .toList());
  }

  private List<String> subtree(String name) {
    return nodes.stream()
        .map(NodeSpec::name)
        .filter(other -> other.equals(name) || other.startsWith(name + ":"))
        .toList();
  }

  private boolean allHaveEnded(int node) {
    return needs(node).stream().allMatch(need -> ends.get(need) != null);
  }

  private boolean runs(int node) {
    List<Integer> needs = needs(node);
    return needs.isEmpty()
        || switch (nodes.get(node).runIf()) {
          case ALL_SUCCEEDED -> needs.stream().allMatch(this::succeeded);
          case NONE_FAILED -> needs.stream().noneMatch(this::failed);
          case ALL_FINISHED -> true;
          case ANY_SUCCEEDED -> needs.stream().anyMatch(this::succeeded);
          case ANY_FAILED -> needs.stream().anyMatch(this::failed);
        };
  }
}
