package io.quikqueue.local;

import io.quikqueue.domain.limit.Throttle;
import java.util.HashSet;
import java.util.Set;

/** What one take may have, and how long until it may have more. */
final class TakeScope {

  private final Set<String> types;
  private final Throttle throttle;
  private final boolean isOpen;
  private final long now;
  private final Set<String> heldTypes = new HashSet<>(0);
  private long wait = Long.MAX_VALUE;

  /**
   * @param types the types that are asked for; empty = all
   * @param now monotonic nanoseconds
   */
  TakeScope(Set<String> types, Throttle throttle, long now) {
    this.types = types;
    this.throttle = throttle;
    this.isOpen = throttle.isOpen();
    this.now = now;
  }

  Throttle throttle() {
    return throttle;
  }

  long now() {
    return now;
  }

  /** Whether the job is asked for, and its type may start. */
  boolean allows(Entry entry) {
    if (!types.isEmpty() && !types.contains(entry.type())) {
      return false;
    }
    if (isOpen) {
      return true;
    }
    if (heldTypes.contains(entry.type())) {
      return false; // also a job that costs less: it would overtake
    }
    boolean allowed = isOver(throttle.waitOfType(entry.type(), entry.cost(), now));
    if (!allowed) {
      heldTypes.add(entry.type());
    }
    return allowed;
  }

  /** Whether the queue may start this job. */
  boolean queueAllows(Entry entry) {
    return isOpen || isOver(throttle.waitOfQueue(entry.queue(), entry.cost(), now));
  }

  private boolean isOver(long nanos) {
    if (nanos > 0) {
      mayStartIn(nanos);
    }
    return nanos == 0;
  }

  /** Notes when a job may start that may not now. */
  void mayStartIn(long nanos) {
    wait = Math.min(wait, nanos);
  }

  /** In how many nanoseconds it is worth to look again; the maximum = none is known. */
  long lookAgainIn() {
    return wait;
  }
}
