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

  /**
   * A message whose body stays closed.
   *
   * @throws UnreadableMessageException when the envelope cannot be read, or names another attempt
   *     than the body does
   */
  public static JobMessage closed(byte[] envelope, byte[] body) throws UnreadableMessageException {
    Envelope read = Envelope.read(envelope);
    AttemptId inside = JobBody.attempt(body);
    if (!read.attempt().equals(inside)) {
      throw new UnreadableMessageException(
          "the envelope of " + read.attempt() + " around the body of " + inside);
    }
    return new JobMessage(read, body, null);
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

  /**
   * The job as it was when announced: QUEUED, without result.
   *
   * @throws IllegalStateException when it is closed and the body cannot be read
   */
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
