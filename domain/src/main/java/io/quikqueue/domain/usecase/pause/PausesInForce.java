package io.quikqueue.domain.usecase.pause;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.usecase.InForce;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pauses {@link InForce}. Its methods throw an {@code UnavailableException} until the store has
 * answered once, so that nothing starts that is paused.
 */
public final class PausesInForce {

  private final InForce<ByKind> pauses;

  private record ByKind(
      Map<String, Pause> queues, Map<String, Pause> types, Map<PauseKey, Pause> groups) {

    @Nullable Pause ofGroup(JobSpec job) {
      String group = job.group();
      return group == null || groups.isEmpty()
          ? null
          : groups.get(PauseKey.group(job.queue(), group));
    }
  }

  /**
   * @param nanos monotonic time
   */
  public PausesInForce(Pauses store, LongSupplier nanos) {
    this.pauses = new InForce<>(_ -> read(store), nanos);
  }

  /** The pause of a queue; null = it has none. */
  public @Nullable Pause ofQueue(String queue) {
    return pauses.get().queues().get(queue);
  }

  /** The pause of a type; null = it has none. */
  public @Nullable Pause ofType(String type) {
    return pauses.get().types().get(type);
  }

  /** The pause of the group of a job; null = it has none. */
  public @Nullable Pause ofGroup(JobSpec job) {
    return pauses.get().ofGroup(job);
  }

  /** Whether jobs like this one are not to start: their queue, type or group is paused. */
  public boolean hold(JobSpec job) {
    ByKind now = pauses.get();
    return now.queues().containsKey(job.queue())
        || now.types().containsKey(job.type())
        || now.ofGroup(job) != null;
  }

  /** Whether a type is paused, so that who wants all types has to name those. */
  public boolean anyType() {
    return !pauses.get().types().isEmpty();
  }

  /**
   * What a worker may ask for instead: without what is paused. Groups are held back by the ready
   * queue, since their pauses come with the limits.
   *
   * @param wanted with the types that are wanted, unless nothing is paused
   * @return null when all that it wants is paused
   */
  public @Nullable TakeRequest allowed(TakeRequest wanted) {
    ByKind now = pauses.get();
    if (now.queues().isEmpty() && now.types().isEmpty()) {
      return wanted;
    }
    Set<String> types = new HashSet<>(wanted.types());
    types.removeAll(now.types().keySet());
    if (types.isEmpty() && !(wanted.types().isEmpty() && now.types().isEmpty())) {
      return null; // no types would be all of them
    }
    Set<String> queues = new HashSet<>(wanted.queues());
    queues.removeAll(now.queues().keySet());
    if (queues.isEmpty() && !wanted.queues().isEmpty()) {
      return null;
    }
    return new TakeRequest(
        wanted.worker(),
        queues,
        types,
        wanted.limit(),
        wanted.room().without(now.queues().keySet()),
        wanted.lease(),
        wanted.patience(),
        wanted.limits(),
        wanted.turns().stream().filter(turn -> queues.contains(turn.queue())).toList());
  }

  private static ByKind read(Pauses store) {
    Map<String, Pause> queues = new HashMap<>();
    Map<String, Pause> types = new HashMap<>();
    Map<PauseKey, Pause> groups = new HashMap<>();
    for (Pause pause : store.inForce()) {
      switch (pause.kind()) {
        case QUEUE -> queues.put(pause.name(), pause);
        case TYPE -> types.put(pause.name(), pause);
        case GROUP -> groups.put(pause.key(), pause);
      }
    }
    return new ByKind(queues, types, groups);
  }
}
