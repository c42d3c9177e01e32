package io.quikqueue.domain.port;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import java.time.Duration;
import java.util.List;
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
   * Adds nodes to the workflow of the job when the attempt succeeds, in the transaction that says
   * so; when it does not, none is added. Who waits for this node waits for them too.
   *
   * @throws io.quikqueue.domain.job.InvalidFieldException when one of them cannot be, naming its
   *     field as {@code spawn.3.type}, or the job is no node; none of these is added
   */
  default void spawn(List<SpawnRequest> nodes) {
    throw new InvalidFieldException("spawn", "nodes cannot be added here");
  }

  /**
   * Logs a line: it is kept with the job, see {@link JobLogs}, and written to the worker's log with
   * the job's id and attempt.
   */
  void log(@Nullable String line);
}
