package io.quikqueue.domain.usecase.list;

import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows queues with the rates at which jobs come and go, from the totals seen over the last minute
 * of asking.
 */
public final class ListQueues {

  private static final long SAMPLE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  private final Queues queues;
  private final PausesInForce pauses;
  private final LimitsInForce limits;
  private final LongSupplier nanos;
  private final Map<String, Deque<Sample>> samples = new HashMap<>();

  /** Totals at a moment of monotonic time. */
  private record Sample(long nanos, long submitted, long finished) {}

  /**
   * A queue and its rates.
   *
   * @param inPerSecond jobs submitted per second; null until it was asked for twice, a second apart
   * @param outPerSecond jobs that reached a terminal state per second; null likewise
   * @param pause null = its jobs may start
   */
  public record QueueView(
      QueueFigures figures,
      @Nullable Double inPerSecond,
      @Nullable Double outPerSecond,
      @Nullable Pause pause,
      Limits limits) {}

  /**
   * @param nanos monotonic time
   */
  public ListQueues(Queues queues, PausesInForce pauses, LimitsInForce limits, LongSupplier nanos) {
    this.queues = queues;
    this.pauses = pauses;
    this.limits = limits;
    this.nanos = nanos;
  }

  /**
   * All queues that the caller has to do with, by name.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public List<QueueView> all(Caller caller) {
    return queues.all().stream()
        .filter(figures -> caller.scope().coversQueue(figures.queue()))
        .map(this::view)
        .toList();
  }

  /** One queue; empty when it never had a job. Throws as {@link #all} does. */
  public Optional<QueueView> find(Caller caller, String queue) {
    return queues.find(queue).map(this::view);
  }

  private synchronized QueueView view(QueueFigures figures) {
    long now = nanos.getAsLong();
    Deque<Sample> past = samples.computeIfAbsent(figures.queue(), name -> new ArrayDeque<>());
    while (past.size() > 1 && now - past.getFirst().nanos() > WINDOW_NANOS) {
      past.removeFirst();
    }
    Sample latest = new Sample(now, figures.submitted(), figures.finished());
    Sample oldest = past.peekFirst();
    if (oldest == null || now - past.getLast().nanos() >= SAMPLE_NANOS) {
      past.addLast(latest);
    }
    if (oldest == null || now - oldest.nanos() < SAMPLE_NANOS) {
      return view(figures, null, null);
    }
    double seconds = (now - oldest.nanos()) / 1e9;
    return view(
        figures,
        (latest.submitted() - oldest.submitted()) / seconds,
        // Less by retries by hand.
        Math.max(0, latest.finished() - oldest.finished()) / seconds);
  }

  private QueueView view(
      QueueFigures figures, @Nullable Double inPerSecond, @Nullable Double outPerSecond) {
    return new QueueView(
        figures,
        inPerSecond,
        outPerSecond,
        pauses.ofQueue(figures.queue()),
        limits.table().ofQueue(figures.queue()));
  }
}
