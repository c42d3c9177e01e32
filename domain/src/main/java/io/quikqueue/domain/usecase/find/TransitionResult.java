package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;

/** What became of a client's wish to change a job. */
public sealed interface TransitionResult {

  /** It is done; the job after it. */
  record Changed(Job job) implements TransitionResult {}

  /** The job's state does not allow it; the job as it is. */
  record NotAllowed(Job job) implements TransitionResult {}

  /** There is no such job. */
  record Unknown() implements TransitionResult {}
}
