package io.quikqueue.contracts;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeWait;
import io.quikqueue.domain.workflow.NodeSpec;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.RetryRequest;
import io.quikqueue.domain.workflow.WorkflowSpec;
import io.quikqueue.domain.workflow.WorkflowState;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final @Nullable JobState[] ends;
  private final TreeSet<Integer> ready = new TreeSet<>();

  /** Nodes that wait instead of running, and do so now. */
  private final TreeSet<Integer> pausing = new TreeSet<>();

  /** Signals that nobody has taken. */
  private final List<String> signals = new ArrayList<>();

  private boolean cancelled;

  ReferenceWorkflow(WorkflowSpec spec) {
    this.nodes = spec.nodes();
    this.cancelsRest = spec.onFailure() == OnFailure.CANCEL_REST;
    this.ends = new JobState[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      index.put(nodes.get(i).name(), i);
    }
    settle();
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
    for (int i = 0; i < ends.length; i++) {
      if (ends[i] == null && !ready.contains(i) && !pausing.contains(i)) {
        waiting.add(i);
      }
    }
    return waiting;
  }

  List<@Nullable JobState> ends() {
    return Arrays.asList(ends.clone());
  }

  /** Nodes end at once, by their own doing or since somebody cancels them. */
  void end(Map<Integer, JobState> ended) {
    ended.forEach(
        (node, end) -> {
          ends[node] = end;
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
   * @return those that do
   */
  Set<Integer> retry(RetryRequest asked) {
    Map<Integer, Boolean> chosen = new HashMap<>();
    for (int i = 0; i < ends.length; i++) {
      runsAgain(i, asked, chosen);
    }
    Set<Integer> again = new TreeSet<>();
    chosen.forEach(
        (node, runs) -> {
          if (runs) {
            again.add(node);
            ends[node] = null;
          }
        });
    cancelled = false;
    signals.clear();
    settle();
    return again;
  }

  /** The nodes that could run with what they need as that has ended. */
  List<Integer> able() {
    return IntStream.range(0, ends.length).filter(this::runs).boxed().toList();
  }

  /** As asked, unless it needs none that runs again and could not run with the others. */
  private boolean runsAgain(int node, RetryRequest asked, Map<Integer, Boolean> known) {
    Boolean before = known.get(node);
    if (before != null) {
      return before;
    }
    boolean behind = false;
    for (int need : needs(node)) {
      behind |= runsAgain(need, asked, known);
    }
    JobState end = ends[node];
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

  WorkflowState state() {
    if (open()) {
      return WorkflowState.RUNNING;
    }
    if (cancelled) {
      return WorkflowState.CANCELLED;
    }
    boolean hard = false;
    boolean soft = false;
    for (int i = 0; i < ends.length; i++) {
      hard |= failed(i);
      soft |= ends[i] != JobState.DONE && ends[i] != JobState.SKIPPED;
    }
    return hard
        ? WorkflowState.FAILED
        : soft ? WorkflowState.DONE_WITH_FAILURES : WorkflowState.DONE;
  }

  private void cancelAll() {
    for (int i = 0; i < ends.length; i++) {
      ends[i] = ends[i] == null ? JobState.CANCELLED : ends[i];
    }
    ready.clear();
    pausing.clear();
  }

  private boolean open() {
    return Arrays.asList(ends).contains(null);
  }

  private boolean failed(int node) {
    return !nodes.get(node).optional()
        && (ends[node] == JobState.FAILED
            || ends[node] == JobState.EXPIRED
            || ends[node] == JobState.CANCELLED);
  }

  private boolean succeeded(int node) {
    return ends[node] != JobState.SKIPPED && !failed(node);
  }

  private void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < ends.length; i++) {
        NodeWait wait = nodes.get(i).waitsFor();
        if (pausing.contains(i) && wait != null && signals.remove(wait.signal())) {
          changed = true;
          pausing.remove(i);
          ends[i] = JobState.DONE;
        }
        if (ends[i] == null && !ready.contains(i) && !pausing.contains(i) && allHaveEnded(i)) {
          changed = true;
          if (runs(i)) {
            (wait == null ? ready : pausing).add(i);
          } else {
            ends[i] = JobState.SKIPPED;
          }
        }
      }
    }
  }

  private List<Integer> needs(int node) {
    return nodes.get(node).needs().stream()
        .map(name -> Objects.requireNonNull(index.get(name)))
        .toList();
  }

  private boolean allHaveEnded(int node) {
    return needs(node).stream().allMatch(need -> ends[need] != null);
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
