package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.limit.MaxWaiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new job to store, with the key that guards against storing it twice, if the client sent one.
 *
 * @param keyExpires from when on the key may be used anew
 * @param maxWaiting is refused when more would wait
 * @param onConflict what to do when another job holds its {@linkplain
 *     io.quikqueue.domain.job.Unique slot}
 */
public record Submission(
    Job job,
    @Nullable IdempotencyKey key,
    Instant keyExpires,
    MaxWaiting maxWaiting,
    OnConflict onConflict) {

  /** Of a job that is refused when another one holds its slot. */
  public Submission(
      Job job, @Nullable IdempotencyKey key, Instant keyExpires, MaxWaiting maxWaiting) {
    this(job, key, keyExpires, maxWaiting, OnConflict.REJECT);
  }

  /** In a queue where any number of jobs may wait. */
  public Submission(
      Job job, @Nullable IdempotencyKey key, Instant keyExpires, OnConflict onConflict) {
    this(job, key, keyExpires, MaxWaiting.ANY, onConflict);
  }

  /** Likewise, of a job that is refused when another one holds its slot. */
  public Submission(Job job, @Nullable IdempotencyKey key, Instant keyExpires) {
    this(job, key, keyExpires, MaxWaiting.ANY, OnConflict.REJECT);
  }

  /** With a key that counts as long as keys usually do. */
  public Submission(Job job, @Nullable IdempotencyKey key) {
    this(job, key, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE));
  }

  /** The same with this job, which is stored in the place of the other. */
  public Submission with(Job other) {
    return other == job ? this : new Submission(other, key, keyExpires, maxWaiting, onConflict);
  }
}
