package io.quikqueue.domain.usecase.pause;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
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

  private record ByKind(Map<String, Pause> queues, Map<String, Pause> types) {}

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

  /** Whether jobs like this one are not to start: their queue or their type is paused. */
  public boolean hold(JobSpec job) {
    ByKind now = pauses.get();
    return now.queues().containsKey(job.queue()) || now.types().containsKey(job.type());
  }

  /** Whether a type is paused, so that who wants all types has to name those. */
  public boolean anyType() {
    return !pauses.get().types().isEmpty();
  }

  /**
   * What a worker may ask for instead: without what is paused.
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
        wanted.limits());
  }

  private static ByKind read(Pauses store) {
    Map<String, Pause> queues = new HashMap<>();
    Map<String, Pause> types = new HashMap<>();
    for (Pause pause : store.inForce()) {
      (pause.kind() == Kind.QUEUE ? queues : types).put(pause.name(), pause);
    }
    return new ByKind(queues, types);
  }
}
