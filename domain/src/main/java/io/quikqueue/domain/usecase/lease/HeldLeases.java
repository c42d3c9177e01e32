package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.run.ActiveAttempt;
import io.quikqueue.domain.usecase.run.ActiveAttempt.Stop;
import io.quikqueue.domain.usecase.run.AttemptLifecycle;
import io.quikqueue.domain.usecase.run.AttemptOutcome;
import io.quikqueue.domain.usecase.run.Completion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a pull worker that are in the hands of this process, and how long their leases
 * last: those that it admitted or adopted, until they are over or their leases may have expired.
 * What is not here can be adopted at any time, so that losing sight of an attempt loses nothing.
 */
final class HeldLeases {

  private static final int BATCH = 500;

  /** How long a report waits for one before it to be recorded. */
  private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

  /** Characters of payloads; what is more is adopted when it is heard of. */
  private static final long MOST_HELD_CHARS = 16L << 20;

  private final LeaseContext context;
  private final AttemptLifecycle lifecycle;
  private final Map<AttemptId, Long> leasedUntil = new ConcurrentHashMap<>();

  HeldLeases(LeaseContext context, AttemptLifecycle lifecycle) {
    this.context = context;
    this.lifecycle = lifecycle;
  }

  /** An attempt that is held and known to be leased; null = it is not. */
  @Nullable ActiveAttempt find(AttemptId id) {
    return leasedUntil.containsKey(id) ? lifecycle.find(id) : null;
  }

  /** What is told of a lease that is held; null = it is not. */
  @Nullable LeaseAnswer answer(AttemptId id) {
    Long until = leasedUntil.get(id);
    if (until == null) {
      return null;
    }
    long left = until - context.nanoTime().getAsLong();
    return new LeaseAnswer.Held(context.after(Duration.ofNanos(left)));
  }

  /**
   * Notes until when an attempt is leased, if it is held.
   *
   * @param until monotonic time
   */
  void note(AttemptId id, long until) {
    if (lifecycle.find(id) != null) {
      leasedUntil.put(id, until);
    }
  }

  /** Loses sight of attempts that are large together, but of none that is on trial. */
  void holdNotTooMuch(Collection<ActiveAttempt> attempts) {
    if (lifecycle.chars() <= MOST_HELD_CHARS && !context.isCrowded()) {
      return;
    }
    for (ActiveAttempt attempt : attempts) {
      if (!attempt.onTrial()) {
        leasedUntil.remove(attempt.id());
        lifecycle.letGo(attempt);
      }
    }
  }

  /** Records outcomes; returns the jobs of those that took effect. Wakes those who wait for it. */
  Map<AttemptId, Job> complete(List<Completion> batch) {
    if (batch.isEmpty()) {
      return Map.of();
    }
    List<AttemptId> ids = batch.stream().map(each -> each.attempt().id()).toList();
    try {
      return context.recording(ids, () -> lifecycle.complete(batch));
    } catch (RuntimeException e) {
      lifecycle.forget(batch); // whoever reports it again has it adopted
      throw e;
    } finally {
      ids.forEach(leasedUntil::remove);
      synchronized (leasedUntil) {
        leasedUntil.notifyAll();
      }
    }
  }

  /**
   * Waits until outcomes that others report now are recorded, or could not be.
   *
   * @throws UnavailableException when that takes too long
   */
  void awaitRecorded(Collection<AttemptId> attempts) {
    long end = System.nanoTime() + LONGEST_WAIT_NANOS;
    synchronized (leasedUntil) {
      while (attempts.stream().anyMatch(this::isBeingRecorded)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          throw beingRecorded();
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(leasedUntil, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw beingRecorded();
        }
      }
    }
  }

  private boolean isBeingRecorded(AttemptId id) {
    ActiveAttempt attempt = lifecycle.find(id);
    return attempt != null && attempt.over();
  }

  private static UnavailableException beingRecorded() {
    return new UnavailableException("store", "an earlier report of the lease is being recorded");
  }

  /** Ends those that have run for too long, as failed; to be completed. */
  List<Completion> timedOut(Collection<ActiveAttempt> attempts) {
    List<Completion> ended = new ArrayList<>(0);
    for (ActiveAttempt attempt : attempts) {
      if (attempt.stopped() == null && !attempt.over() && attempt.timeLeft().isZero()) {
        long millis = attempt.job().spec().policy().timeout().toMillis();
        Failure failure = new Failure("timed out after " + millis + " ms", false);
        end(
            ended,
            attempt,
            new AttemptOutcome.Failed(
                failure, context.random().getAsDouble(), context.clock().instant()));
      }
    }
    return ended;
  }

  /** Ends an attempt, to be completed with others, unless it is over. */
  void end(List<Completion> ended, ActiveAttempt attempt, AttemptOutcome outcome) {
    Completion completion = lifecycle.end(attempt, outcome);
    if (completion != null) {
      ended.add(completion);
    }
  }

  /**
   * Fails the attempts whose time is over, and loses sight of those that have moved on or whose
   * leases may have expired.
   */
  void supervise() {
    loseSightOfExpired();
    List<ActiveAttempt> held = lifecycle.held().stream().filter(each -> !each.over()).toList();
    for (int from = 0; from < held.size(); from += BATCH) {
      List<ActiveAttempt> part = held.subList(from, Math.min(held.size(), from + BATCH));
      lifecycle.stopSuperseded(part);
      List<Completion> ended = timedOut(part);
      for (ActiveAttempt attempt : part) {
        if (attempt.stopped() == Stop.CANCELLED) {
          end(ended, attempt, new AttemptOutcome.Superseded());
        } else if (attempt.stopped() == Stop.LOST) {
          end(ended, attempt, new AttemptOutcome.LeaseLost());
        }
      }
      complete(ended);
    }
  }

  private void loseSightOfExpired() {
    long now = context.nanoTime().getAsLong();
    leasedUntil.forEach(
        (id, until) -> {
          ActiveAttempt attempt = lifecycle.find(id);
          if (now - until >= 0 && (attempt == null || !attempt.over())) {
            if (leasedUntil.remove(id, until) && attempt != null) {
              lifecycle.letGo(attempt);
            }
          }
        });
  }
}
