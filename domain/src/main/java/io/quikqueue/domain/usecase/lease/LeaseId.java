package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * What a lease is called by its worker. It says all that a process has to know of it, so that any
 * process can serve it, also one that was just started.
 *
 * @param attempt the attempt that is leased
 * @param length for how long the lease is renewed each time
 * @param worker the name of the worker that holds it
 */
public record LeaseId(AttemptId attempt, Duration length, String worker) {

  private static final byte VERSION = 1;
  private static final int FIXED = 1 + 16 + 4 + 4;
  private static final int LONGEST_TEXT = 400;

  public LeaseId {
    LeaseRequest.requireWorker(worker);
    LeaseRequest.requireLength(length);
  }

  /**
   * Reads what {@link #toString} gave.
   *
   * @throws InvalidFieldException naming the field {@code id} when it is none
   */
  public static LeaseId parse(String text) {
    try {
      if (text.length() <= LONGEST_TEXT) {
        return read(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)));
      }
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      // told below, whatever of it is wrong
    }
    throw new InvalidFieldException("id", "must be the id of a lease");
  }

  private static LeaseId read(ByteBuffer in) {
    if (in.get() != VERSION) {
      throw new IllegalArgumentException("a version that is not known");
    }
    byte[] job = new byte[16];
    in.get(job);
    AttemptId attempt = new AttemptId(JobId.of(job), in.getInt());
    Duration length = Duration.ofMillis(in.getInt());
    byte[] worker = new byte[in.remaining()];
    in.get(worker);
    return new LeaseId(attempt, length, new String(worker, StandardCharsets.US_ASCII));
  }

  /** The text form, in characters that need no escape in a path. */
  @Override
  public String toString() {
    byte[] name = worker.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out =
        ByteBuffer.allocate(FIXED + name.length)
            .put(VERSION)
            .put(attempt.job().bytes())
            .putInt(attempt.number())
            .putInt((int) length.toMillis())
            .put(name);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }
}
