package io.quikqueue.domain.usecase.desired;

import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.DesiredStates;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What workers are asked to be, as the store had it at most a second ago; while it is away, as it
 * was. The store is asked by whoever asks this, one at a time. Safe for use by many threads.
 */
public final class DesiredInForce {

  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long HEARD_NANOS = Duration.ofHours(1).toNanos();

  private final DesiredStates states;
  private final LongSupplier nanos;
  private final AtomicLong asked;

  /** The workers that asked here since the store was last told which of them live. */
  private final Set<String> askers = ConcurrentHashMap.newKeySet();

  private volatile long heardAt;
  private volatile Map<String, DesiredState> known = Map.of();

  /**
   * @param nanos monotonic time
   */
  public DesiredInForce(DesiredStates states, LongSupplier nanos) {
    this.states = states;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
    this.heardAt = nanos.getAsLong() - HEARD_NANOS;
  }

  /**
   * What a living worker is asked to be; null = as configured. To be asked by the worker itself, or
   * for it: the state is kept as long as somebody does.
   */
  public @Nullable DesiredState of(String worker) {
    Map<String, DesiredState> now = refreshed();
    DesiredState state = now.get(worker);
    if (state != null) {
      askers.add(worker);
    }
    return state;
  }

  /** Forgets the state of a worker that is gone for good. */
  public void forget(String worker) {
    askers.remove(worker);
    if (known.containsKey(worker)) {
      states.remove(worker);
    }
  }

  private Map<String, DesiredState> refreshed() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before >= REFRESH_NANOS && asked.compareAndSet(before, now)) {
      try {
        tellHeard(now);
        known = read();
      } catch (UnavailableException e) {
        // What is known stays in force.
      }
    }
    return known;
  }

  private void tellHeard(long now) {
    if (now - heardAt < HEARD_NANOS || askers.isEmpty()) {
      return;
    }
    Set<String> heard = new HashSet<>(askers);
    heard.retainAll(known.keySet());
    if (!heard.isEmpty()) {
      states.heard(heard);
    }
    askers.clear();
    heardAt = now;
  }

  private Map<String, DesiredState> read() {
    Map<String, DesiredState> byWorker = new HashMap<>();
    for (DesiredState state : states.all()) {
      byWorker.put(state.worker(), state);
    }
    return byWorker;
  }
}
