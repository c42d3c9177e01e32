package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new job to store, with the key that guards against storing it twice, if the client sent one.
 *
 * @param keyExpires from when on the key may be used anew
 */
public record Submission(Job job, @Nullable IdempotencyKey key, Instant keyExpires) {

  /** With a key that counts as long as keys usually do. */
  public Submission(Job job, @Nullable IdempotencyKey key) {
    this(job, key, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE));
  }
}
