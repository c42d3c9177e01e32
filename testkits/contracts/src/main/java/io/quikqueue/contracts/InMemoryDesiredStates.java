package io.quikqueue.contracts;

import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.DesiredStates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What workers are asked to be, in memory. */
final class InMemoryDesiredStates implements DesiredStates {

  private final InstantSource clock;
  private final NavigableMap<String, DesiredState> states = new TreeMap<>();
  private final Map<String, Instant> heard = new HashMap<>();

  InMemoryDesiredStates(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized DesiredState change(DesiredState before, UnaryOperator<DesiredState> change) {
    DesiredState after = change.apply(states.getOrDefault(before.worker(), before));
    remove(after.worker());
    if (!after.isNone()) {
      states.put(after.worker(), after);
      heard.put(after.worker(), clock.instant());
    }
    return after;
  }

  @Override
  public synchronized void remove(String worker) {
    states.remove(worker);
    heard.remove(worker);
  }

  @Override
  public synchronized void heard(Set<String> workers) {
    for (String worker : workers) {
      heard.computeIfPresent(worker, (_, _) -> clock.instant());
    }
  }

  @Override
  public synchronized List<DesiredState> all() {
    Instant since = clock.instant().minus(KEPT);
    states.keySet().removeIf(worker -> heard.getOrDefault(worker, Instant.MIN).isBefore(since));
    return List.copyOf(states.values());
  }
}
