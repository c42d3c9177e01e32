package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import java.util.List;

/**
 * What jobs remember of the attempts before, so that the next one need not repeat it. Deleted with
 * the job, and when another submit takes its place. Each writing method is one transaction, fenced
 * by the attempt: it must be the current one of a QUEUED or RUNNING job. It may be called again
 * when its outcome is unknown. All methods throw {@link UnavailableException}.
 */
public interface JobSteps {

  /** Steps of a job. */
  int MOST = 1_000;

  /** Bytes of UTF-8 that the value of a step has. */
  int LARGEST = 256 << 10;

  /**
   * Bytes of UTF-8 that the results of a job have together. What came with signals is not among
   * them, see {@link JobSignals#MOST_BYTES}.
   */
  int MOST_BYTES = 1 << 20;

  /** What became of a step. */
  sealed interface Answer {

    /**
     * It is there.
     *
     * @param step as it was kept first, perhaps by an attempt before
     */
    record Kept(JobStep step) implements Answer {}

    /** The attempt is not the job's current one any more. */
    record Stale() implements Answer {}

    /**
     * The job has too many steps, or too large ones; this one is not kept.
     *
     * @param field {@code name} when there are too many, {@code value} when they are too large
     */
    record Full(String field, String problem) implements Answer {

      /** The job has as many steps as it may have. */
      public static Full ofCount() {
        return new Full("name", "the job has " + MOST + " steps already");
      }

      /** Its results would be too large. */
      public static Full ofBytes() {
        return new Full(
            "value", "the steps of the job would have more than " + MOST_BYTES + " bytes");
      }
    }
  }

  /** Keeps a result or a sleep, unless there is a step of that name. */
  Answer keep(AttemptId attempt, JobStep step);

  /**
   * Takes the oldest signal that a wait is for, if one has come, and remembers that; a wait that
   * was over before is answered with how it ended. When none has come and its time is over, it has
   * timed out.
   *
   * @param wait that begins now, at its {@link JobStep#at}; one that began before keeps its end
   */
  Answer await(AttemptId attempt, JobStep wait);

  /** The steps of a job in the order in which they began. */
  List<JobStep> steps(JobId job);
}
