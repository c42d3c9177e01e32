package io.quikqueue.redis;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a worker or rescuer has just leased. What it cannot read, of a newer version of this
 * program or from nobody knows where, is lost to Redis, so that the sweep announces the job anew
 * from the store; under its lease it would come back for ever.
 */
final class LeasedBodies {

  private static final Logger log = LoggerFactory.getLogger(LeasedBodies.class);

  private final BiConsumer<String, List<byte[]>> discard;
  private final FieldCipher cipher;

  /**
   * @param discard loses what the holder has leased under these ids
   * @param cipher opens the payloads
   */
  LeasedBodies(BiConsumer<String, List<byte[]>> discard, FieldCipher cipher) {
    this.cipher = cipher;
    this.discard = discard;
  }

  private interface Read<T> {
    T read(Replies.Body body) throws UnreadableMessageException;
  }

  /** The jobs that a worker has taken. */
  List<Job> jobs(String worker, List<Replies.Body> taken) {
    return readable(worker, taken, this::job);
  }

  /** The leases that a rescuer has taken over. */
  List<ExpiredLease> expired(String rescuer, List<Replies.Body> taken) {
    return readable(rescuer, taken, LeasedBodies::expired);
  }

  private Job job(Replies.Body body) throws UnreadableMessageException {
    Job job = JobBody.read(body.bytes(), cipher);
    requireSame(body, job.attemptId());
    return job;
  }

  private static ExpiredLease expired(Replies.Body body) throws UnreadableMessageException {
    Envelope envelope =
        Envelope.isEnvelope(body.bytes())
            ? Envelope.read(body.bytes())
            : Envelope.of(JobBody.read(body.bytes()));
    requireSame(body, envelope.attempt());
    String holder = body.holder().isEmpty() ? null : body.holder();
    return new ExpiredLease(envelope.attempt(), envelope.updatedAt(), holder);
  }

  private static void requireSame(Replies.Body body, AttemptId said)
      throws UnreadableMessageException {
    if (!Arrays.equals(said.job().bytes(), body.id()) || said.number() != body.attempt()) {
      throw new UnreadableMessageException(
          "found under attempt " + body.attempt() + " and said to be " + said);
    }
  }

  private <T> List<T> readable(String holder, List<Replies.Body> bodies, Read<T> read) {
    List<T> readable = new ArrayList<>(bodies.size());
    List<byte[]> unreadable = new ArrayList<>(0);
    for (Replies.Body body : bodies) {
      try {
        readable.add(read.read(body));
      } catch (UnreadableMessageException e) {
        unreadable.add(body.id());
        log.error(
            "event=unreadable_message id={} reason=\"{}\"",
            HexFormat.of().formatHex(body.id()),
            e.getMessage());
      }
    }
    if (!unreadable.isEmpty()) {
      discard(holder, unreadable);
    }
    return readable;
  }

  private void discard(String holder, List<byte[]> ids) {
    try {
      discard.accept(holder, ids);
    } catch (UnavailableException e) { // they come again when their leases have expired
      log.warn("event=unreadable_messages_kept reason=\"{}\"", e.getMessage());
    }
  }
}
