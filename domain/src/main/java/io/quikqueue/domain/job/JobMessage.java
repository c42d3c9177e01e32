package io.quikqueue.domain.job;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A QUEUED job on its way through the stream and the ready queue: all that a worker needs, in one
 * compact binary form (version byte, fixed fields, then length-prefixed UTF-8), so that the payload
 * is written once and passed on as it is.
 */
public final class JobMessage {

  private static final byte VERSION = 1;
  private static final byte HAS_DEADLINE = 1;
  private static final byte HAS_POLICY = 2;
  private static final byte HAS_TRACE = 4;
  private static final byte HAS_MAX_ELAPSED = 8;

  /**
   * The deadline counts although {@link #seemsRetriedByHand} says that it was lifted. Readers that
   * are older know no other sign of that, so that a message has this flag only where it must.
   */
  private static final byte DEADLINE_STANDS = 16;

  /** The delays are not such as there was once one kind of. */
  private static final byte HAS_DELAYS = 32;

  private static final int FLAGS =
      HAS_DEADLINE | HAS_POLICY | HAS_TRACE | HAS_MAX_ELAPSED | DEADLINE_STANDS | HAS_DELAYS;
  private static final long MICROS = 1_000_000;
  private static final char REPLACEMENT = '\uFFFD';
  private static final int FIXED = 2 + 16 + 4 + 1 + 4 + 4 + 8 + 8 + 8;

  private final Job job;
  private byte @Nullable [] bytes;

  private JobMessage(Job job, byte @Nullable [] bytes) {
    this.job = job;
    this.bytes = bytes;
  }

  /** The message that announces this job, which must be QUEUED. */
  public static JobMessage of(Job job) {
    if (job.state() != JobState.QUEUED) {
      throw new IllegalArgumentException("job " + job.id() + " is " + job.state() + ", not QUEUED");
    }
    return new JobMessage(job, null);
  }

  /** Reads what {@link #bytes()} gave. The array is kept, not copied. */
  public static JobMessage parse(byte[] bytes) throws UnreadableMessageException {
    try {
      return new JobMessage(read(ByteBuffer.wrap(bytes)), bytes);
    } catch (BufferUnderflowException e) {
      throw new UnreadableMessageException("cut off after " + bytes.length + " bytes", e);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new UnreadableMessageException("not a job: " + e.getMessage(), e);
    }
  }

  /** The job as it was when announced: QUEUED, without result. */
  public Job job() {
    return job;
  }

  /** The binary form. The caller must not change the array. */
  public byte[] bytes() {
    byte[] encoded = bytes;
    if (encoded == null) {
      encoded = write(job);
      bytes = encoded;
    }
    return encoded;
  }

  private static byte[] write(Job job) {
    JobSpec spec = job.spec();
    Policy policy = spec.policy();
    boolean ownPolicy = !policy.equals(Policy.DEFAULT);
    boolean ownDelays = !policy.delays().isUsualKind();
    byte[] type = utf8(spec.type());
    byte[] queue = utf8(spec.queue());
    byte[] payload = utf8(spec.payload());
    String trace = spec.traceparent();
    byte[] traceBytes = trace == null ? new byte[0] : utf8(trace);
    byte[] labels = writeLabels(spec.labels());
    int flags = 0;
    Instant deadline = spec.deadline();
    Duration maxElapsed = policy.maxElapsed();
    flags |= deadline == null ? 0 : HAS_DEADLINE;
    flags |= deadlineStands(job) ? DEADLINE_STANDS : 0;
    flags |= ownPolicy ? HAS_POLICY : 0;
    flags |= trace == null ? 0 : HAS_TRACE;
    flags |= ownPolicy && maxElapsed != null ? HAS_MAX_ELAPSED : 0;
    flags |= ownDelays ? HAS_DELAYS : 0;
    ByteBuffer out =
        ByteBuffer.allocate(
            FIXED
                + 8
                + 48
                + (ownDelays ? RetryDelaysCodec.size(policy.delays()) : 0)
                + 6
                + type.length
                + queue.length
                + payload.length
                + 2
                + traceBytes.length
                + labels.length);
    out.put(VERSION).put((byte) flags);
    out.put(job.id().bytes()).putInt(job.attempt()).put((byte) spec.priority());
    out.putInt(job.failures()).putInt(job.crashes());
    out.putLong(micros(job.createdAt()))
        .putLong(micros(job.updatedAt()))
        .putLong(micros(job.runAt()));
    if (deadline != null) {
      out.putLong(micros(deadline));
    }
    if (ownPolicy) {
      out.putInt(policy.maxAttempts()).putLong(policy.backoff().toMillis());
      out.putLong(policy.backoffCap().toMillis()).putLong(policy.timeout().toMillis());
      out.putInt(policy.maxCrashes());
      if (maxElapsed != null) {
        out.putLong(maxElapsed.toMillis());
      }
      if (ownDelays) {
        RetryDelaysCodec.write(policy.delays(), out);
      }
    }
    out.put((byte) type.length).put(type).put((byte) queue.length).put(queue);
    if (trace != null) {
      out.put((byte) traceBytes.length).put(traceBytes);
    }
    out.put(labels);
    out.putInt(payload.length).put(payload);
    byte[] exact = new byte[out.position()];
    out.flip().get(exact);
    return exact;
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

  private static boolean deadlineStands(Job job) {
    return job.spec().deadline() != null
        && !job.deadlineLifted()
        && seemsRetriedByHand(job.attempt(), job.failures(), job.crashes());
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
    int maxCrashes = Math.min(in.getInt(), Policy.MOST_CRASHES); // once it could be higher
    Duration maxElapsed = (flags & HAS_MAX_ELAPSED) == 0 ? null : Duration.ofMillis(in.getLong());
    RetryDelays delays =
        (flags & HAS_DELAYS) == 0
            ? RetryDelays.exponential(backoff, cap)
            : RetryDelaysCodec.read(in);
    return new Policy(maxAttempts, delays, maxElapsed, timeout, maxCrashes);
  }

  private static byte[] writeLabels(Map<String, String> labels) {
    int size = 1;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      size += 3 + utf8(label.getKey()).length + utf8(label.getValue()).length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put((byte) labels.size());
    for (Map.Entry<String, String> label : labels.entrySet()) {
      byte[] name = utf8(label.getKey());
      byte[] value = utf8(label.getValue());
      out.put((byte) name.length).put(name).putShort((short) value.length).put(value);
    }
    return out.array();
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
    String text =
        new String(bytes.array(), bytes.arrayOffset(), bytes.limit(), StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) { // a stray byte's, or the client's own
      requireUtf8(bytes);
    }
    return text;
  }

  private static void requireUtf8(ByteBuffer bytes) throws UnreadableMessageException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException e) {
      throw new UnreadableMessageException("a text that is not UTF-8", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long micros(Instant instant) {
    long seconds = instant.getEpochSecond();
    long rest = instant.getNano() / 1000;
    return seconds < 0 // the product for the first of all would not fit
        ? Math.addExact(Math.multiplyExact(seconds + 1, MICROS), rest - MICROS)
        : Math.addExact(Math.multiplyExact(seconds, MICROS), rest);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000L);
  }
}
