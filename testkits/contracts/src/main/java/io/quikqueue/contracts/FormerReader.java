package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.UnreadableMessageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the version before envelopes reads a job: this is its reader, which refuses whatever it does
 * not know, and stays as it is. For tests of mixed versions.
 */
public final class FormerReader {

  private static final byte VERSION = 1;
  private static final byte HAS_DEADLINE = 1;
  private static final byte HAS_POLICY = 2;
  private static final byte HAS_TRACE = 4;
  private static final byte HAS_MAX_ELAPSED = 8;
  private static final byte DEADLINE_STANDS = 16;
  private static final int FLAGS =
      HAS_DEADLINE | HAS_POLICY | HAS_TRACE | HAS_MAX_ELAPSED | DEADLINE_STANDS;
  private static final long MICROS = 1_000_000;

  private FormerReader() {}

  /** Reads the value of a record, or what Redis holds of a job. */
  public static Job read(byte[] bytes) throws UnreadableMessageException {
    try {
      return read(ByteBuffer.wrap(bytes));
    } catch (BufferUnderflowException e) {
      throw new UnreadableMessageException("cut off after " + bytes.length + " bytes", e);
    }
  }

  private static Job read(ByteBuffer in) throws UnreadableMessageException {
    byte version = in.get();
    if (version != VERSION) {
      throw new UnreadableMessageException("version " + version + " is not known");
    }
    int flags = in.get();
    if ((flags & ~FLAGS) != 0) {
      throw new UnreadableMessageException("flags " + flags + " are not known");
    }
    byte[] idBytes = new byte[16];
    in.get(idBytes);
    int attempt = in.getInt();
    int priority = in.get();
    int failures = in.getInt();
    int crashes = in.getInt();
    Instant createdAt = instant(in.getLong());
    Instant updatedAt = instant(in.getLong());
    Instant runAt = instant(in.getLong());
    Instant deadline = (flags & HAS_DEADLINE) == 0 ? null : instant(in.getLong());
    Policy policy = (flags & HAS_POLICY) == 0 ? Policy.DEFAULT : readPolicy(in, flags);
    String type = text(in, in.get());
    String queue = text(in, in.get());
    String trace = (flags & HAS_TRACE) == 0 ? null : text(in, in.get());
    Map<String, String> labels = readLabels(in);
    String payload = text(in, in.getInt());
    if (in.hasRemaining()) {
      throw new UnreadableMessageException(in.remaining() + " bytes too many");
    }
    JobSpec spec =
        JobSpec.builder(type, payload)
            .queue(queue)
            .priority(priority)
            .deadline(deadline)
            .policy(policy)
            .labels(labels)
            .traceparent(trace)
            .build();
    boolean lifted =
        deadline != null
            && (flags & DEADLINE_STANDS) == 0
            && seemsRetriedByHand(attempt, failures, crashes);
    return Job.builder(JobId.of(idBytes), spec, createdAt)
        .attempt(attempt)
        .failures(failures)
        .crashes(crashes)
        .updatedAt(updatedAt)
        .runAt(runAt)
        .deadlineLifted(lifted)
        .build();
  }

  /** Whether neither failures nor crashes explain the number of a QUEUED job's attempt. */
  private static boolean seemsRetriedByHand(int attempt, int failures, int crashes) {
    return attempt > 1L + failures + crashes;
  }

  private static Policy readPolicy(ByteBuffer in, int flags) {
    int maxAttempts = in.getInt();
    Duration backoff = Duration.ofMillis(in.getLong());
    Duration cap = Duration.ofMillis(in.getLong());
    Duration timeout = Duration.ofMillis(in.getLong());
    int maxCrashes = in.getInt();
    Duration maxElapsed = (flags & HAS_MAX_ELAPSED) == 0 ? null : Duration.ofMillis(in.getLong());
    return new Policy(maxAttempts, backoff, cap, maxElapsed, timeout, maxCrashes);
  }

  private static Map<String, String> readLabels(ByteBuffer in) throws UnreadableMessageException {
    int count = in.get();
    if (count == 0) {
      return Map.of();
    }
    if (count < 0) {
      throw new UnreadableMessageException(count + " labels");
    }
    Map<String, String> labels = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      String name = text(in, in.get());
      if (labels.put(name, text(in, in.getShort())) != null) {
        throw new UnreadableMessageException("a label twice");
      }
    }
    return labels;
  }

  private static String text(ByteBuffer in, int length) throws UnreadableMessageException {
    if (length < 0 || length > in.remaining()) {
      throw new UnreadableMessageException("a text of " + length + " bytes in " + in.remaining());
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new UnreadableMessageException("a text that is not UTF-8", e);
    }
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000L);
  }
}
