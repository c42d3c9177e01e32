package io.quikqueue.domain.job;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A QUEUED job on its way through the stream and the ready queue: its {@link Envelope} and its
 * {@link JobBody}, each made from the job, or the job from them, when it is asked for.
 */
public final class JobMessage {

  private volatile @Nullable Envelope envelope;
  private volatile byte @Nullable [] body;
  private volatile @Nullable Job job;

  private JobMessage(@Nullable Envelope envelope, byte @Nullable [] body, @Nullable Job job) {
    this.envelope = envelope;
    this.body = body;
    this.job = job;
  }

  /** The message that announces this job, which must be QUEUED. */
  public static JobMessage of(Job job) {
    JobBody.requireQueued(job);
    return new JobMessage(null, null, job);
  }

  /** Reads what {@link #bytes()} gave. The array is kept, not copied. */
  public static JobMessage parse(byte[] body) throws UnreadableMessageException {
    return new JobMessage(null, body, JobBody.read(body));
  }

  /** What it says outside. */
  public Envelope envelope() {
    Envelope known = envelope;
    if (known == null) {
      known = Envelope.of(job());
      envelope = known;
    }
    return known;
  }

  /** The job as it was when announced: QUEUED, without result. */
  public Job job() {
    Job known = job;
    byte[] written = body;
    if (known == null && written != null) {
      try {
        known = JobBody.read(written);
      } catch (UnreadableMessageException e) {
        throw new IllegalStateException(e);
      }
      job = known;
    }
    return Objects.requireNonNull(known);
  }

  /** The body. The caller must not change the array. */
  public byte[] bytes() {
    byte[] written = body;
    if (written == null) {
      written = JobBody.write(job());
      body = written;
    }
    return written;
  }
}
