package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to have a job run.
 *
 * @param runAt when; null = at once
 * @param delay how long from now; excludes {@code runAt}
 * @param onConflict what to do when another job holds its {@linkplain
 *     io.quikqueue.domain.job.Unique slot}
 * @param waiting how many jobs of the client may wait; null = any number
 */
public record JobRequest(
    JobSpec spec,
    @Nullable Instant runAt,
    @Nullable Duration delay,
    @Nullable IdempotencyKey key,
    OnConflict onConflict,
    MaxWaiting.@Nullable OfOwner waiting) {

  private static final Duration MAX_DELAY = Duration.ofDays(3660);

  public JobRequest {
    if (runAt != null && delay != null) {
      throw new InvalidFieldException("delay", "cannot be given together with run_at");
    }
    if (delay != null && (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0)) {
      throw new InvalidFieldException("delay", "must be from 0 to 3660 days");
    }
    if (onConflict.delay() != null && (runAt != null || delay != null)) {
      throw new InvalidFieldException(
          runAt == null ? "delay" : "run_at", "cannot be given together with debounce");
    }
    spec.labels().forEach((name, value) -> requireNoC1(value, "labels." + name));
    requireNoC1(spec.group(), "group");
    requireNoC1(spec.orderingKey(), "ordering_key");
    if (spec.unique() != null) {
      requireNoC1(spec.unique().key(), "unique.key");
    }
  }

  /** Not in the job itself: those that were stored once can still be read. */
  private static void requireNoC1(@Nullable String text, String field) {
    if (text != null && text.chars().anyMatch(c -> c >= 0x80 && c <= 0x9F)) {
      throw new InvalidFieldException(
          field, "must have no control characters, U+0080 to U+009F among them");
    }
  }

  /** Of a client any number of whose jobs may wait. */
  public JobRequest(
      JobSpec spec,
      @Nullable Instant runAt,
      @Nullable Duration delay,
      @Nullable IdempotencyKey key,
      OnConflict onConflict) {
    this(spec, runAt, delay, key, onConflict, null);
  }

  /** Of a client that wants to be refused when another job holds the slot. */
  public JobRequest(
      JobSpec spec,
      @Nullable Instant runAt,
      @Nullable Duration delay,
      @Nullable IdempotencyKey key) {
    this(spec, runAt, delay, key, OnConflict.REJECT);
  }

  /** A job to run at once. */
  public static JobRequest of(JobSpec spec) {
    return new JobRequest(spec, null, null, null);
  }

  /** The same as this caller's own. */
  JobRequest of(Caller caller) {
    MaxWaiting.OfOwner limit = caller.allowance().waiting();
    return (key == null || caller.isAnonymous()) && limit == null
        ? this
        : new JobRequest(spec, runAt, delay, caller.own(key), onConflict, limit);
  }

  @Nullable Instant due(Instant now) {
    Duration wait = delay == null ? onConflict.delay() : delay;
    return wait == null ? runAt : now.plus(wait);
  }
}
