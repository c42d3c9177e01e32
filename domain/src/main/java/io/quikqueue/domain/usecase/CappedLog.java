package io.quikqueue.domain.usecase;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lines of one kind in the log: at most 120 a minute, and then how many were left out. Safe for use
 * by several threads.
 */
public final class CappedLog {

  private static final int MAX_LINES = 120;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final String event;
  private final Level level;
  private final LongSupplier nanos;
  private final BiConsumer<Level, String> out;
  private long windowEnd;
  private int lines;
  private long leftOut;

  /**
   * @param event of the lines; what is left out is told of as {@code EVENT_left_out}
   */
  public CappedLog(String event, Level level, LongSupplier nanos, BiConsumer<Level, String> out) {
    this.event = event;
    this.level = level;
    this.nanos = nanos;
    this.out = out;
    this.windowEnd = nanos.getAsLong() + WINDOW.toNanos();
  }

  /** Writes a line, unless there were too many. */
  public void tell(Supplier<String> line) {
    if (mayTell()) {
      out.accept(level, line.get());
    }
  }

  private synchronized boolean mayTell() {
    tellLeftOut();
    if (lines < MAX_LINES) {
      lines++;
      return true;
    }
    leftOut++;
    return false;
  }

  /** Says how many lines were left out, when it is time to. */
  public synchronized void tellLeftOut() {
    long now = nanos.getAsLong();
    if (now - windowEnd < 0) {
      return;
    }
    if (leftOut > 0) {
      out.accept(level, "event=%s_left_out lines=%d".formatted(event, leftOut));
    }
    windowEnd = now + WINDOW.toNanos();
    lines = 0;
    leftOut = 0;
  }
}
