package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.limit.MaxWaiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new job to store, with the key that guards against storing it twice, if the client sent one.
 *
 * @param keyExpires from when on the key may be used anew
 * @param maxWaiting is refused when more would wait
 */
public record Submission(
    Job job, @Nullable IdempotencyKey key, Instant keyExpires, MaxWaiting maxWaiting) {

  /** In a queue where any number of jobs may wait. */
  public Submission(Job job, @Nullable IdempotencyKey key, Instant keyExpires) {
    this(job, key, keyExpires, MaxWaiting.ANY);
  }

  /** With a key that counts as long as keys usually do. */
  public Submission(Job job, @Nullable IdempotencyKey key) {
    this(job, key, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE));
  }
}
