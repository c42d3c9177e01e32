package io.quikqueue.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether calls to one destination are made. It opens after a number of failures in a row, or for
 * as long as the destination asked to wait; then one call is let through as a probe, whose outcome
 * closes it or opens it again, for twice as long up to a bound. Those it refuses are told to come
 * back spread over a while, so that they do not come at once. Times are of {@link System#nanoTime}.
 * For one thread at a time.
 */
final class Circuit {

  private static final long HOUR = Duration.ofHours(1).toNanos();

  /** So far apart those come back that were refused, at least on average: 500 a second. */
  private static final long APART = Duration.ofMillis(2).toNanos();

  private final int threshold;
  private final int leastMembers;
  private final long delay;
  private final long maxDelay;
  private final DoubleSupplier random;
  private final Set<String> members = new HashSet<>();
  private int failures;
  private int trips;
  private boolean open;
  private boolean asked;
  private boolean probing;
  private long until;
  private long window;
  private long held;

  /**
   * A closed one.
   *
   * @param leastMembers how many different members must have failed for it to open
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  Circuit(HttpConfig config, int leastMembers, DoubleSupplier random) {
    this.threshold = config.getBreakerFailures();
    this.leastMembers = leastMembers;
    this.delay = config.getBreakerDelay().toNanoseconds();
    this.maxDelay = Math.max(delay, config.getBreakerMaxDelay().toNanoseconds());
    this.random = random;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether it is open because the destination asked to wait, rather than after failures. */
  boolean askedToWait() {
    return asked;
  }

  /** Failures since the last success. */
  int failures() {
    return failures;
  }

  boolean lets(long now) {
    return !open || (!probing && now - until >= 0);
  }

  /** A call that it lets through begins; returns whether it is the probe. */
  boolean begin() {
    probing = open;
    return open;
  }

  /** For how long it is open at least, in nanoseconds. */
  long left(long now) {
    return open ? Math.max(0, until - now) : 0;
  }

  /** How long one that it does not let through has to wait, in nanoseconds. */
  long hold(long now) {
    held++;
    long left = Math.max(0, until - now);
    if (held == 1 && !probing) {
      return left; // the next probe
    }
    return left + (long) (window * random.getAsDouble()) + held * APART % HOUR;
  }

  /** The call was served. One that began before the circuit opened says nothing new. */
  void served(boolean probe) {
    if (open && !probe) {
      return;
    }
    failures = 0;
    trips = 0;
    open = false;
    asked = false;
    probing = false;
    members.clear();
  }

  /** The call ended without saying anything about the destination. */
  void dropped(boolean probe) {
    if (probe) {
      probing = false;
    }
  }

  /**
   * The call failed.
   *
   * @param member which of the destination's members was called
   * @param wait how long the destination asked to wait, in nanoseconds; null = it did not
   * @param opens whether that alone opens it
   */
  void failed(boolean probe, String member, @Nullable Long wait, boolean opens, long now) {
    if (open && !probe) {
      if (wait != null && opens && now + wait - until > 0) {
        until = now + wait;
      }
      return;
    }
    failures++;
    if (members.size() < leastMembers) {
      members.add(member);
    }
    boolean tooMany = failures >= threshold && members.size() >= leastMembers;
    if (probe || tooMany || (wait != null && opens)) {
      trip(wait, now);
    }
  }

  private void trip(@Nullable Long wait, long now) {
    trips++;
    probing = false;
    open = true;
    asked = wait != null;
    held = 0;
    long interval = wait == null ? backoff(trips) : Math.max(wait, backoff(trips - 1));
    window = wait == null ? interval : Math.min(interval, delay);
    until = now + interval;
  }

  private long backoff(int trip) {
    if (trip == 0) {
      return 0;
    }
    int doublings = Math.min(trip - 1, 40);
    return delay > maxDelay >> doublings ? maxDelay : delay << doublings;
  }
}
