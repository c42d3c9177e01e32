package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.port.JobHandler;
import java.time.Instant;
import java.util.List;

/**
 * How a worker is done with an attempt. The history of the job keeps some of these, as an {@link
 * io.quikqueue.domain.job.AttemptRecord.Outcome}; it knows nothing of attempts that were released,
 * superseded or lost.
 */
public sealed interface AttemptOutcome {

  /**
   * The handler returned.
   *
   * @param spawned nodes that it adds to the workflow of the job
   */
  record Succeeded(JobHandler.Result result, Instant at, List<SpawnedNode> spawned)
      implements AttemptOutcome {

    public Succeeded {
      spawned = List.copyOf(spawned);
    }

    /** One that adds none. */
    public Succeeded(JobHandler.Result result, Instant at) {
      this(result, at, List.of());
    }
  }

  /**
   * The handler threw, or did not return in time.
   *
   * @param random drawn once, so that recording it again after an unknown outcome records the same
   */
  record Failed(Failure failure, double random, Instant at) implements AttemptOutcome {}

  /**
   * The handler said that the job has to wait.
   *
   * @param random as for {@link Failed}
   */
  record Postponed(Postponement put, double random, Instant at) implements AttemptOutcome {}

  /**
   * The handler sleeps or waits for a signal.
   *
   * @param until when the job is woken at the latest
   * @param why for people
   */
  record Suspended(Instant until, String why, Instant at) implements AttemptOutcome {}

  /** The job's deadline had passed when it was taken; it was not started. */
  record Expired(Instant at) implements AttemptOutcome {}

  /** The worker drains; the attempt goes back. */
  record Released(Instant at) implements AttemptOutcome {}

  /**
   * Its process ends, and it is the cause or may be.
   *
   * @param itself it is the cause: its handler ended the process
   */
  record Crashed(boolean itself, Instant at) implements AttemptOutcome {}

  /** The store said that the attempt is over: its job was cancelled, or has moved on. */
  record Superseded() implements AttemptOutcome {}

  /**
   * The lease is no longer this worker's. The attempt may still be under way for whoever has it, a
   * rescuer perhaps, so that the ready queue must not forget it.
   */
  record LeaseLost() implements AttemptOutcome {}
}
