package io.quikqueue.domain.job;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the stream and the ready queue must know of an attempt that they carry; the rest of its job
 * is a {@link JobBody}, which only a worker opens. In binary form it is one byte that tells it from
 * a body, then {@link BinaryFields tagged fields} in any order, of which a reader skips those that
 * it does not know.
 *
 * @param group whose job it is; null = nobody's, or not known
 * @param cost how many tokens of a rate it takes to start
 * @param updatedAt when the job was last changed as it was announced: a later change in the store
 *     tells that the attempt was handed back
 */
public record Envelope(
    AttemptId attempt,
    String queue,
    String type,
    @Nullable String group,
    int priority,
    int cost,
    Instant updatedAt) {

  private static final byte FORM = 'E';
  private static final int JOB = 1;
  private static final int ATTEMPT = 2;
  private static final int QUEUE = 3;
  private static final int TYPE = 4;
  private static final int GROUP = 5;
  private static final int PRIORITY = 6;
  private static final int UPDATED_AT = 7;
  private static final int COST = 8;
  private static final int USUAL_SIZE = 128;

  public Envelope {
    JobSpec.requireQueue(queue);
    JobSpec.requireType(type);
    JobSpec.requireGroup(group);
    JobSpec.requirePriority(priority);
    JobSpec.requireCost(cost);
  }

  /** The envelope of a job as it is now. */
  public static Envelope of(Job job) {
    JobSpec spec = job.spec();
    return new Envelope(
        job.attemptId(),
        spec.queue(),
        spec.type(),
        spec.group(),
        spec.priority(),
        spec.cost(),
        job.updatedAt());
  }

  /** Whether these bytes are meant to be an envelope, and not a {@link JobBody}. */
  public static boolean isEnvelope(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == FORM;
  }

  /** The binary form. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_SIZE);
    out.write(FORM);
    BinaryFields.put(out, JOB, attempt.job().bytes());
    BinaryFields.put(
        out, ATTEMPT, ByteBuffer.allocate(Integer.BYTES).putInt(attempt.number()).array());
    BinaryFields.put(out, QUEUE, BinaryFields.utf8(queue));
    BinaryFields.put(out, TYPE, BinaryFields.utf8(type));
    if (group != null) {
      BinaryFields.put(out, GROUP, BinaryFields.utf8(group));
    }
    BinaryFields.put(out, PRIORITY, new byte[] {(byte) priority});
    if (cost != JobSpec.DEFAULT_COST) {
      BinaryFields.put(out, COST, ByteBuffer.allocate(Integer.BYTES).putInt(cost).array());
    }
    long micros = BinaryFields.micros(updatedAt);
    BinaryFields.put(out, UPDATED_AT, ByteBuffer.allocate(Long.BYTES).putLong(micros).array());
    return out.toByteArray();
  }

  /**
   * Reads what {@link #bytes} gave, of this version or another.
   *
   * @throws UnreadableMessageException when it is cut off or garbled, or lacks a field
   */
  public static Envelope read(byte[] bytes) throws UnreadableMessageException {
    if (!isEnvelope(bytes)) {
      throw new UnreadableMessageException("no envelope");
    }
    try {
      return read(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
    } catch (BufferUnderflowException e) {
      throw new UnreadableMessageException("envelope cut off after " + bytes.length + " bytes", e);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new UnreadableMessageException("not an envelope: " + e.getMessage(), e);
    }
  }

  private static Envelope read(ByteBuffer in) throws UnreadableMessageException {
    JobId job = null;
    Integer attempt = null;
    String queue = null;
    String type = null;
    String group = null;
    Integer priority = null;
    int cost = JobSpec.DEFAULT_COST;
    Instant updatedAt = null;
    while (in.hasRemaining()) {
      BinaryFields.Field field = BinaryFields.next(in);
      ByteBuffer value = field.value();
      switch (field.tag()) {
        case JOB -> job = JobId.of(exactly(value, 16));
        case ATTEMPT -> attempt = ByteBuffer.wrap(exactly(value, Integer.BYTES)).getInt();
        case QUEUE -> queue = BinaryFields.text(value, value.remaining());
        case TYPE -> type = BinaryFields.text(value, value.remaining());
        case GROUP -> group = BinaryFields.text(value, value.remaining());
        case PRIORITY -> priority = (int) exactly(value, 1)[0];
        case COST -> cost = ByteBuffer.wrap(exactly(value, Integer.BYTES)).getInt();
        case UPDATED_AT ->
            updatedAt = BinaryFields.instant(ByteBuffer.wrap(exactly(value, Long.BYTES)).getLong());
        default -> {} // of a later version
      }
    }
    if (job == null
        || attempt == null
        || queue == null
        || type == null
        || priority == null
        || updatedAt == null) {
      throw new UnreadableMessageException("an envelope that lacks a field");
    }
    return new Envelope(new AttemptId(job, attempt), queue, type, group, priority, cost, updatedAt);
  }

  private static byte[] exactly(ByteBuffer value, int length) throws UnreadableMessageException {
    if (value.remaining() != length) {
      throw new UnreadableMessageException(
          "a field of " + value.remaining() + " bytes instead of " + length);
    }
    byte[] bytes = new byte[length];
    value.get(bytes);
    return bytes;
  }
}
