package io.quikqueue.domain.job;

import static io.quikqueue.domain.job.JobState.CANCELLED;
import static io.quikqueue.domain.job.JobState.EXPIRED;
import static io.quikqueue.domain.job.JobState.FAILED;
import static io.quikqueue.domain.job.JobState.QUEUED;
import static io.quikqueue.domain.job.JobState.RETRYING;
import static io.quikqueue.domain.job.JobState.RUNNING;
import static io.quikqueue.domain.job.JobState.SCHEDULED;
import static io.quikqueue.domain.job.JobState.WAITING;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What can happen to a job after it was submitted, and from which states: the whole legality table.
 */
public enum Verb {
  WAKE(WAITING, SCHEDULED, RETRYING),
  START(QUEUED),
  SUCCEED(QUEUED, RUNNING),
  FAIL(QUEUED, RUNNING),
  /** The attempt could not be made now, or was answered with a wish to wait. */
  POSTPONE(QUEUED, RUNNING),
  /** The handler sleeps or waits for a signal; another attempt goes on. */
  SUSPEND(QUEUED, RUNNING),
  CANCEL(WAITING, SCHEDULED, QUEUED, RUNNING, RETRYING),
  EXPIRE(WAITING, SCHEDULED, QUEUED, RETRYING),
  /** A node of a workflow cannot run any more. */
  SKIP(WAITING),
  /** Someone lets the line of its ordering key, which it holds, pass it. */
  PASS(FAILED),
  RETRY(FAILED, CANCELLED, EXPIRED),
  /** Another submit of its unique key takes its place, before it runs. */
  REPLACE(WAITING, SCHEDULED, QUEUED, RETRYING),
  /** It gets another priority or queue, before it runs. */
  MOVE(WAITING, SCHEDULED, QUEUED, RETRYING),
  /** A draining worker hands an attempt back. */
  RELEASE(QUEUED, RUNNING),
  /** The worker of an attempt has vanished. */
  RESCUE(QUEUED, RUNNING);

  private final Set<JobState> from;

  Verb(JobState first, JobState... rest) {
    this.from = Collections.unmodifiableSet(EnumSet.of(first, rest));
  }

  /** The states in which this verb is legal. */
  public Set<JobState> from() {
    return from;
  }
}
