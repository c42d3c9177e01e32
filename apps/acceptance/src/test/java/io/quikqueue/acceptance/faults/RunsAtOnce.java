package io.quikqueue.acceptance.faults;

import io.quikqueue.acceptance.faults.EffectLog.Effect;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** How many jobs ran at the same time, by what their handlers wrote down. */
final class RunsAtOnce {

  private RunsAtOnce() {}

  /**
   * The most runs at one moment. Only the last attempt of a job counts: those before it had lost
   * their lease, and may run beside others.
   */
  static int most(List<Effect> effects) {
    return count(effects).most();
  }

  /** The runs that have not ended, likewise. */
  static int now(List<Effect> effects) {
    return count(effects).now();
  }

  private record Count(int most, int now) {}

  private static Count count(List<Effect> effects) {
    Map<UUID, Integer> last = new HashMap<>();
    effects.forEach(effect -> last.merge(effect.job(), effect.attempt(), Math::max));
    Set<UUID> running = new HashSet<>();
    int most = 0;
    for (Effect effect :
        effects.stream().sorted(Comparator.comparingLong(Effect::nanos)).toList()) {
      if (effect.attempt() != last.get(effect.job())) {
        continue;
      }
      if (effect.started()) {
        running.add(effect.job());
        most = Math.max(most, running.size());
      } else {
        running.remove(effect.job());
      }
    }
    return new Count(most, running.size());
  }
}
