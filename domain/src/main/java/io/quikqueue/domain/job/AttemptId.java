package io.quikqueue.domain.job;

/**
 * One try at running a job. The number counts from 1 and is the fencing token of every write about
 * the attempt.
 */
public record AttemptId(JobId job, int number) {

  public AttemptId {
    if (number < 1) {
      throw new IllegalArgumentException("attempts are numbered from 1, not " + number);
    }
  }
}
