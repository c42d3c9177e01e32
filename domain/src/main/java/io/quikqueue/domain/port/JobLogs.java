package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import java.util.List;

/**
 * What attempts log, kept with their jobs and deleted with them. Of each job the last lines are
 * kept; the oldest go. All methods throw {@link UnavailableException}.
 */
public interface JobLogs {

  /** Lines that are kept of a job. */
  int MOST_LINES = 1_000;

  /** Bytes of UTF-8 that the lines of a job have together. */
  int MOST_BYTES = 256 << 10;

  /**
   * A line as it is kept.
   *
   * @param number counts the lines of the job from 1, without a gap; those that went are counted
   */
  record Numbered(long number, int attempt, Instant at, String text) {}

  /**
   * Appends lines to the logs of their jobs, in order, in one transaction; those of jobs that are
   * not there are left out. When it throws, all of it may be appended again; lines that had been
   * appended after all are there twice then.
   *
   * @param lines at most 1,000
   */
  void append(List<LogLine> lines);

  /**
   * Lines of a job, oldest first.
   *
   * @param after only lines with a higher number than this one; 0 = from the oldest that is kept
   * @param limit at most {@value #MOST_LINES}
   */
  List<Numbered> lines(JobId job, long after, int limit);
}
