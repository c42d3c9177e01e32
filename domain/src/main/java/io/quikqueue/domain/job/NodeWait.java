package io.quikqueue.domain.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a node of a workflow waits for that runs nothing: a time, or a signal. No worker ever gets
 * it: it is SCHEDULED while it waits, and what ends its wait ends its job.
 *
 * @param length how long, from when its needs have ended, at most when it waits for a signal; null
 *     = until {@code run_at}
 * @param signal the name of the signal; null = it waits for a time
 * @param continues whether it succeeds when no signal comes in time
 */
public record NodeWait(@Nullable Duration length, @Nullable String signal, boolean continues) {

  /** The type of its job. */
  public static final String TYPE = "wait";

  /** The queue of its job, so that it takes no room from jobs that run. */
  public static final String QUEUE = "waits";

  /** The longest that a node may wait from when its needs have ended. */
  public static final Duration LONGEST = Duration.ofDays(366);

  private static final long UNTIL_RUN_AT = -1;
  private static final int FIXED = Long.BYTES + 1;

  public NodeWait {
    if (length == null && signal != null) {
      throw new IllegalArgumentException("a node does not wait for ever for a signal");
    }
    if (length != null && (length.isNegative() || length.compareTo(LONGEST) > 0)) {
      throw new IllegalArgumentException("a node waits 0 to 366 days");
    }
    length = length == null ? null : Duration.ofMillis(length.toMillis()); // as it is stored
  }

  /** Waits this long. */
  public static NodeWait ofTime(Duration length) {
    return new NodeWait(length, null, false);
  }

  /** Waits until the {@code run_at} of its job. */
  public static NodeWait untilRunAt() {
    return new NodeWait(null, null, false);
  }

  /** Waits for a signal, this long at most. */
  public static NodeWait ofSignal(String signal, Duration timeout, boolean continues) {
    return new NodeWait(timeout, signal, continues);
  }

  void write(ByteBuffer to) {
    to.putLong(length == null ? UNTIL_RUN_AT : length.toMillis());
    to.put((byte) (continues ? 1 : 0));
    to.put(signalBytes());
  }

  int size() {
    return FIXED + signalBytes().length;
  }

  private byte[] signalBytes() {
    return signal == null ? new byte[0] : signal.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param millis the first of it, which was read already
   */
  static NodeWait read(long millis, ByteBuffer in) {
    boolean continues = in.get() != 0;
    byte[] name = new byte[in.remaining()];
    in.get(name);
    return new NodeWait(
        millis == UNTIL_RUN_AT ? null : Duration.ofMillis(millis),
        name.length == 0 ? null : new String(name, StandardCharsets.UTF_8),
        continues);
  }
}
