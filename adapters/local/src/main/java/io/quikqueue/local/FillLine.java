package io.quikqueue.local;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The backlogs that are to be filled up from the store, first come, first served. */
final class FillLine {

  private final Queue<Backlog> waiting = new ArrayDeque<>();

  /** Lets a backlog be filled up if it is time for that. */
  void addIfWanted(Backlog backlog) {
    if (backlog.wantsFilling()) {
      backlog.beginFilling();
      waiting.add(backlog);
    }
  }

  /** Lets the filling of a backlog go on. */
  void addOn(Backlog backlog) {
    if (!backlog.dropped()) {
      waiting.add(backlog);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The backlog that has waited longest; null = none waits. */
  @Nullable Backlog next() {
    Backlog next = waiting.poll();
    while (next != null && next.dropped()) {
      next = waiting.poll();
    }
    return next;
  }
}
