package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import java.util.List;
import java.util.Optional;

/**
 * Which jobs wait for which: rows that {@link JobStore} writes when a job is submitted, and counts
 * down in the transaction that ends the job that others wait for. All methods throw {@link
 * UnavailableException}.
 */
public interface Dependencies {

  /** The job that a WAITING job waits for; empty when it waits for none. */
  Optional<JobId> needs(JobId waiting);

  /** Whether a job is FAILED and {@linkplain Job#holdsLine holds} its line. */
  boolean holdsLine(JobId job);

  /**
   * Releases jobs that wait for jobs which have ended or are gone, although nobody told: a process
   * of a version that knows no dependencies has ended them. Jobs that wait for nobody, since the
   * rows are lost, stand in line by their age from then on. Each call looks at the next rows, and
   * after the last ones begins anew.
   *
   * @param rows to look at, at most 1,000 of each kind
   * @return the jobs that became QUEUED by it, and are to be announced
   */
  List<Job> releaseForgotten(int rows);
}
