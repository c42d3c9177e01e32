package io.quikqueue.domain.usecase.finish;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log of attempts that failed and of jobs that were given up, and the meter of the
 * latter. Of each kind the log gets at most 120 lines a minute, and then how many were left out.
 * Safe for use by several threads.
 */
public final class FailureLog {

  private static final Logger LOG = System.getLogger(FailureLog.class.getName());
  private static final int MAX_LINES = 120;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MAX_MESSAGE = 500;

  private final Meter meter;
  private final Lines attempts;
  private final Lines jobs;

  public FailureLog(Meter meter) {
    this(meter, System::nanoTime, LOG::log);
  }

  FailureLog(Meter meter, LongSupplier nanos, BiConsumer<Level, String> out) {
    this.meter = meter;
    this.attempts = new Lines("attempt_failed", nanos, out);
    this.jobs = new Lines("job_failed", nanos, out);
  }

  /** Tells of a change that took effect, if by it an attempt failed or its job was given up. */
  public void recorded(Change change) {
    Job after = change.after();
    Failure failure = change.failure();
    if (failure != null) {
      attempts.tell(Level.WARNING, change, failure);
    }
    if (after.state() == JobState.FAILED) {
      meter.failed(after.spec().queue(), after.spec().type());
      jobs.tell(Level.WARNING, change, failure);
    }
  }

  /** Says how many lines were left out, when it is time to; to be called now and then. */
  public void tellLeftOut() {
    attempts.tellLeftOut();
    jobs.tellLeftOut();
  }

  private static final class Lines {

    private final String event;
    private final LongSupplier nanos;
    private final BiConsumer<Level, String> out;
    private long windowEnd;
    private int lines;
    private long leftOut;

    Lines(String event, LongSupplier nanos, BiConsumer<Level, String> out) {
      this.event = event;
      this.out = out;
      this.nanos = nanos;
      this.windowEnd = nanos.getAsLong() + WINDOW.toNanos();
    }

    void tell(Level level, Change change, @Nullable Failure failure) {
      if (!mayTell()) {
        return;
      }
      Job job = change.before();
      String error = String.valueOf(change.after().error());
      String errorClass = failure == null ? null : failure.errorClass();
      out.accept(
          level,
          "event=%s job_id=%s attempt=%d type=%s queue=%s error_class=%s error=\"%s\""
              .formatted(
                  event,
                  job.id(),
                  job.attempt(),
                  job.spec().type(),
                  job.spec().queue(),
                  errorClass == null ? "none" : LogText.escape(errorClass, MAX_MESSAGE),
                  LogText.escape(error, MAX_MESSAGE)));
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

    synchronized void tellLeftOut() {
      long now = nanos.getAsLong();
      if (now - windowEnd < 0) {
        return;
      }
      if (leftOut > 0) {
        out.accept(Level.WARNING, "event=%s_left_out lines=%d".formatted(event, leftOut));
      }
      windowEnd = now + WINDOW.toNanos();
      lines = 0;
      leftOut = 0;
    }
  }
}
