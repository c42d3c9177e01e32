package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.port.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to have a job run.
 *
 * @param runAt when; null = at once
 * @param delay how long from now; excludes {@code runAt}
 * @param retry what of the policy is the client's own word
 */
public record JobRequest(
    JobSpec spec,
    @Nullable Instant runAt,
    @Nullable Duration delay,
    @Nullable IdempotencyKey key,
    RetryOptions retry) {

  private static final Duration MAX_DELAY = Duration.ofDays(3660);

  public JobRequest {
    if (runAt != null && delay != null) {
      throw new InvalidFieldException("delay", "cannot be given together with run_at");
    }
    if (delay != null && (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0)) {
      throw new InvalidFieldException("delay", "must be from 0 to 3660 days");
    }
  }

  /** Of a client that says nothing of how often the job is tried. */
  public JobRequest(
      JobSpec spec,
      @Nullable Instant runAt,
      @Nullable Duration delay,
      @Nullable IdempotencyKey key) {
    this(spec, runAt, delay, key, RetryOptions.NONE);
  }

  /** A job to run at once. */
  public static JobRequest of(JobSpec spec) {
    return new JobRequest(spec, null, null, null);
  }

  @Nullable Instant due(Instant now) {
    return delay == null ? runAt : now.plus(delay);
  }
}
