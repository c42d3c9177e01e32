package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;

/** What became of a client's wish to change a job. */
public sealed interface Asked {

  /** It is done; the job after it. */
  record Changed(Job job) implements Asked {}

  /** The job's state does not allow it; the job as it is. */
  record NotAllowed(Job job) implements Asked {}

  /** There is no such job. */
  record Unknown() implements Asked {}
}
