package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt as its handler sees it. Safe for use by several threads. */
public interface JobRun {

  /** The job, with its id, attempt, failures so far, payload and traceparent. */
  Job job();

  /** How much of the attempt's timeout is left, by monotonic time; zero when it is used up. */
  Duration timeLeft();

  /**
   * Whether the job was cancelled or the worker has lost it; what the handler still does is in
   * vain.
   */
  boolean cancelled();

  /**
   * Says how far the attempt is; shown with the job and with the worker while it runs, about a
   * second later.
   *
   * @param percent 0 to 100
   * @param message null = none
   */
  void progress(int percent, @Nullable String message);

  /** What the attempts of the job leave for those after them. */
  DurableSteps steps();

  /**
   * Logs a line: it is kept with the job, see {@link JobLogs}, and written to the worker's log with
   * the job's id and attempt.
   */
  void log(@Nullable String line);
}
