package io.quikqueue.domain.usecase.pause;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pauses as the store had them at most half a second ago; while it is away, as they were. The
 * store is asked by whoever asks this, one at a time.
 */
public final class PausesInForce {

  private static final long REFRESH_NANOS = Duration.ofMillis(500).toNanos();

  private final Pauses pauses;
  private final LongSupplier nanos;
  private final AtomicLong asked;
  private volatile InForce known = new InForce(Map.of(), Map.of());

  private record InForce(Map<String, Pause> queues, Map<String, Pause> types) {}

  /**
   * @param nanos monotonic time
   */
  public PausesInForce(Pauses pauses, LongSupplier nanos) {
    this.pauses = pauses;
    this.nanos = nanos;
    this.asked = new AtomicLong(nanos.getAsLong() - REFRESH_NANOS);
  }

  /** The pause of a queue; null = it has none. */
  public @Nullable Pause ofQueue(String queue) {
    return refreshed().queues().get(queue);
  }

  /** The pause of a type; null = it has none. */
  public @Nullable Pause ofType(String type) {
    return refreshed().types().get(type);
  }

  /** Whether jobs like this one are not to start: their queue or their type is paused. */
  public boolean hold(JobSpec job) {
    InForce now = refreshed();
    return now.queues().containsKey(job.queue()) || now.types().containsKey(job.type());
  }

  /** Whether a type is paused, so that who wants all types has to name those. */
  public boolean anyType() {
    return !refreshed().types().isEmpty();
  }

  /**
   * What a worker may ask for instead: without what is paused.
   *
   * @param wanted with the types that are wanted, unless nothing is paused
   * @return null when all that it wants is paused
   */
  public @Nullable TakeRequest allowed(TakeRequest wanted) {
    InForce now = refreshed();
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

  private InForce refreshed() {
    long now = nanos.getAsLong();
    long before = asked.get();
    if (now - before >= REFRESH_NANOS && asked.compareAndSet(before, now)) {
      try {
        known = read();
      } catch (UnavailableException e) {
        // What is known stays in force.
      }
    }
    return known;
  }

  private InForce read() {
    Map<String, Pause> queues = new HashMap<>();
    Map<String, Pause> types = new HashMap<>();
    for (Pause pause : pauses.inForce()) {
      (pause.kind() == Kind.QUEUE ? queues : types).put(pause.name(), pause);
    }
    return new InForce(queues, types);
  }
}
