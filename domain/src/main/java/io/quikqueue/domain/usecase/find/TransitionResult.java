package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;

/** What became of a client's wish to change a job. */
public sealed interface TransitionResult {

  /** It is done; the job after it. */
  record Changed(Job job) implements TransitionResult {}

  /** The job's state does not allow it; the job as it is. */
  record NotAllowed(Job job) implements TransitionResult {}

  /** Another job, this one, holds the slot that the job would take again; the job as it is. */
  record SlotTaken(Job job, JobId holder) implements TransitionResult {}

  /** Something beside its state does not allow it; the job as it is. */
  record Bound(Job job, String why) implements TransitionResult {}

  /** There is no such job. */
  record Unknown() implements TransitionResult {}
}
