package io.quikqueue.domain.job;

import io.quikqueue.domain.port.FieldCipher;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a QUEUED job on its way through the stream and the ready queue: all that a worker
 * needs, in one compact binary form (version byte, fixed fields, then length-prefixed UTF-8), so
 * that the payload is written once and passed on as it is. After that may follow {@link
 * BinaryFields tagged fields}, of which a reader skips those that it does not know: a later version
 * may add some without a change of the version. What must not be overlooked needs a flag, which
 * older readers refuse.
 */
public final class JobBody {

  private static final byte VERSION = 1;

  /** Of a node of a workflow, whose end must be told to others: an older reader would not. */
  private static final byte VERSION_OF_NODES = 2;

  /** Of a job that holds its line when it fails: an older reader would let the next one go. */
  private static final byte VERSION_OF_HOLDERS = 3;

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

  /** Whoever ends the job must make its callback: an older reader would not. */
  private static final byte HAS_CALLBACK = 64;

  /** The payload is encrypted. It is the last flag: what comes next needs a version of its own. */
  private static final byte SEALED = -128;

  private static final int FLAGS =
      HAS_DEADLINE
          | HAS_POLICY
          | HAS_TRACE
          | HAS_MAX_ELAPSED
          | DEADLINE_STANDS
          | HAS_DELAYS
          | HAS_CALLBACK
          | SEALED;
  private static final int GROUP = 1;
  private static final int ORDERING_KEY = 2;
  private static final int COST = 3;
  private static final int OWNER = 4;
  private static final int UNIQUE = 7;
  private static final int GENERATION = 20;
  private static final int CALLBACK = 8;
  private static final int OWN_POLICY = 21;
  private static final int NODE = 22;
  private static final int COUNTED_IN_GROUP = 23;
  private static final int FIXED = 2 + 16 + 4 + 1 + 4 + 4 + 8 + 8 + 8;

  private static final byte[] NONE = {};

  private JobBody() {}

  /** Writes a job, which must be QUEUED. */
  public static byte[] write(Job job) {
    if (job.state() != JobState.QUEUED) {
      throw new IllegalArgumentException("job " + job.id() + " is " + job.state() + ", not QUEUED");
    }
    return encoded(job);
  }

  /** Writes a job, which must be QUEUED, with its payload encrypted. */
  public static byte[] write(Job job, FieldCipher cipher) {
    String payload = job.spec().payload();
    String sealed = cipher.seal(job.id(), FieldCipher.Field.PAYLOAD, payload);
    return write(sealed.equals(payload) ? job : withPayload(job, sealed));
  }

  /**
   * Reads what {@link #write(Job, FieldCipher)} gave; a payload that cannot be opened stays as it
   * is.
   *
   * @throws UnreadableMessageException when it is cut off, garbled or of another version
   */
  public static Job read(byte[] body, FieldCipher cipher) throws UnreadableMessageException {
    Job job = read(body);
    String payload = job.spec().payload();
    return SealedText.isSealed(payload)
        ? withPayload(job, cipher.open(job.id(), FieldCipher.Field.PAYLOAD, payload))
        : job;
  }

  private static Job withPayload(Job job, String payload) {
    return job.toBuilder().spec(job.spec().toBuilder().payload(payload).build()).build();
  }

  /**
   * Reads what {@link #write} gave: the job as it was when announced, without result.
   *
   * @throws UnreadableMessageException when it is cut off, garbled or of another version
   */
  public static Job read(byte[] body) throws UnreadableMessageException {
    try {
      return decoded(ByteBuffer.wrap(body));
    } catch (BufferUnderflowException e) {
      throw new UnreadableMessageException("cut off after " + body.length + " bytes", e);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new UnreadableMessageException("not a job: " + e.getMessage(), e);
    }
  }

  /**
   * Reads only whose body it is; the rest may be garbled.
   *
   * @throws UnreadableMessageException when it is cut off or of another version
   */
  public static AttemptId attempt(byte[] body) throws UnreadableMessageException {
    try {
      ByteBuffer in = ByteBuffer.wrap(body);
      requireKnown(in.get(), in.get());
      return new AttemptId(id(in), in.getInt());
    } catch (BufferUnderflowException e) {
      throw new UnreadableMessageException("cut off after " + body.length + " bytes", e);
    } catch (IllegalArgumentException e) {
      throw new UnreadableMessageException("not a job: " + e.getMessage(), e);
    }
  }

  private static byte[] encoded(Job job) {
    JobSpec spec = job.spec();
    Policy policy = spec.policy();
    boolean ownPolicy = !policy.equals(Policy.DEFAULT);
    boolean ownDelays = !policy.delays().isUsualKind();
    byte[] type = BinaryFields.utf8(spec.type());
    byte[] queue = BinaryFields.utf8(spec.queue());
    byte[] payload = BinaryFields.utf8(spec.payload());
    String trace = spec.traceparent();
    byte[] traceBytes = trace == null ? new byte[0] : BinaryFields.utf8(trace);
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
    flags |= spec.callback() == null ? 0 : HAS_CALLBACK;
    flags |= SealedText.isSealed(spec.payload()) ? SEALED : 0;
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
    out.put(version(spec)).put((byte) flags);
    out.put(job.id().bytes()).putInt(job.attempt()).put((byte) spec.priority());
    out.putInt(job.failures()).putInt(job.crashes());
    out.putLong(BinaryFields.micros(job.createdAt()))
        .putLong(BinaryFields.micros(job.updatedAt()))
        .putLong(BinaryFields.micros(job.runAt()));
    if (deadline != null) {
      out.putLong(BinaryFields.micros(deadline));
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
    byte[] fields = writeFields(job);
    byte[] exact = new byte[out.position() + fields.length];
    System.arraycopy(fields, 0, exact, out.position(), fields.length);
    out.flip().get(exact, 0, out.limit());
    return exact;
  }

  private static byte version(JobSpec spec) {
    if (spec.onFailedHead() != OnFailedHead.CONTINUE) {
      return VERSION_OF_HOLDERS;
    }
    return spec.node() == null ? VERSION : VERSION_OF_NODES;
  }

  private static byte[] writeFields(Job job) {
    JobSpec spec = job.spec();
    boolean followsOthers = followsOthers(spec.policy());
    if (job.generation() == 1
        && !followsOthers
        && spec.group() == null
        && spec.orderingKey() == null
        && spec.cost() == JobSpec.DEFAULT_COST
        && spec.owner() == null
        && spec.unique() == null
        && spec.callback() == null
        && spec.node() == null) {
      return NONE;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    putText(out, GROUP, spec.group());
    putText(out, ORDERING_KEY, spec.orderingKey());
    if (spec.cost() != JobSpec.DEFAULT_COST) {
      BinaryFields.put(out, COST, ByteBuffer.allocate(Integer.BYTES).putInt(spec.cost()).array());
    }
    putText(out, OWNER, spec.owner());
    Unique unique = spec.unique();
    putText(out, UNIQUE, unique == null ? null : unique.text());
    if (followsOthers) {
      BinaryFields.put(out, OWN_POLICY, new byte[] {(byte) spec.policy().own()});
    }
    if (job.generation() != 1) {
      byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(job.generation()).array();
      BinaryFields.put(out, GENERATION, number);
    }
    if (spec.countedInGroup()) {
      BinaryFields.put(out, COUNTED_IN_GROUP, NONE);
    }
    Callback callback = spec.callback();
    putText(out, CALLBACK, callback == null ? null : callback.text());
    NodeRef node = spec.node();
    if (node != null) {
      BinaryFields.put(out, NODE, node.bytes());
    }
    return out.toByteArray();
  }

  private static boolean followsOthers(Policy policy) {
    return policy.own() != Policy.ALL_OWN && !policy.equals(Policy.DEFAULT);
  }

  private static void putText(ByteArrayOutputStream out, int tag, @Nullable String text) {
    if (text != null) {
      BinaryFields.put(out, tag, BinaryFields.utf8(text));
    }
  }

  /** Returns the generation. */
  private static int readFields(ByteBuffer in, JobSpec.Builder spec)
      throws UnreadableMessageException {
    int generation = 1;
    while (in.hasRemaining()) {
      BinaryFields.Field field = BinaryFields.next(in);
      ByteBuffer value = field.value();
      switch (field.tag()) {
        case GROUP -> spec.group(BinaryFields.text(value, value.remaining()));
        case ORDERING_KEY -> spec.orderingKey(BinaryFields.text(value, value.remaining()));
        case COST -> spec.cost(value.getInt());
        case OWNER -> spec.owner(BinaryFields.text(value, value.remaining()));
        case UNIQUE -> spec.unique(Unique.parse(BinaryFields.text(value, value.remaining())));
        case OWN_POLICY -> spec.policy(spec.policy().withOwn(value.get()));
        case GENERATION -> generation = value.getInt();
        case COUNTED_IN_GROUP -> spec.countedInGroup(true);
        case CALLBACK -> spec.callback(Callback.parse(BinaryFields.text(value, value.remaining())));
        case NODE -> {
          byte[] bytes = new byte[value.remaining()];
          value.get(bytes);
          spec.node(NodeRef.of(bytes));
        }
        default -> {} // of a later version
      }
    }
    return generation;
  }

  private static Job decoded(ByteBuffer in) throws UnreadableMessageException {
    byte version = in.get();
    int flags = requireKnown(version, in.get());
    JobId id = id(in);
    int attempt = in.getInt();
    int priority = in.get();
    int failures = in.getInt();
    int crashes = in.getInt();
    Instant createdAt = BinaryFields.instant(in.getLong());
    Instant updatedAt = BinaryFields.instant(in.getLong());
    Instant runAt = BinaryFields.instant(in.getLong());
    Instant deadline = (flags & HAS_DEADLINE) == 0 ? null : BinaryFields.instant(in.getLong());
    Policy policy = (flags & HAS_POLICY) == 0 ? Policy.DEFAULT : readPolicy(in, flags);
    String type = BinaryFields.text(in, in.get());
    String queue = BinaryFields.text(in, in.get());
    String trace = (flags & HAS_TRACE) == 0 ? null : BinaryFields.text(in, in.get());
    Map<String, String> labels = readLabels(in);
    String payload = BinaryFields.text(in, in.getInt());
    JobSpec.Builder described =
        JobSpec.builder(type, payload)
            .queue(queue)
            .priority(priority)
            .deadline(deadline)
            .policy(policy)
            .labels(labels)
            .traceparent(trace);
    int generation = readFields(in, described);
    described.onFailedHead(
        version == VERSION_OF_HOLDERS ? OnFailedHead.HOLD : OnFailedHead.CONTINUE);
    JobSpec spec = described.build();
    boolean lifted =
        deadline != null
            && (flags & DEADLINE_STANDS) == 0
            && seemsRetriedByHand(attempt, failures, crashes);
    return Job.builder(id, spec, createdAt)
        .attempt(attempt)
        .failures(failures)
        .crashes(crashes)
        .updatedAt(updatedAt)
        .runAt(runAt)
        .deadlineLifted(lifted)
        .generation(generation)
        .build();
  }

  /** Returns the flags. */
  private static int requireKnown(byte version, byte flags) throws UnreadableMessageException {
    if (version < VERSION || version > VERSION_OF_HOLDERS) {
      throw new UnreadableMessageException("version " + version + " is not known");
    }
    if ((flags & ~FLAGS) != 0) {
      throw new UnreadableMessageException("flags " + flags + " are not known");
    }
    return flags;
  }

  private static JobId id(ByteBuffer in) {
    byte[] id = new byte[16];
    in.get(id);
    return JobId.of(id);
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
      size +=
          3 + BinaryFields.utf8(label.getKey()).length + BinaryFields.utf8(label.getValue()).length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put((byte) labels.size());
    for (Map.Entry<String, String> label : labels.entrySet()) {
      byte[] name = BinaryFields.utf8(label.getKey());
      byte[] value = BinaryFields.utf8(label.getValue());
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
      String name = BinaryFields.text(in, in.get());
      if (labels.put(name, BinaryFields.text(in, in.getShort())) != null) {
        throw new UnreadableMessageException("a label twice");
      }
    }
    return labels;
  }
}
