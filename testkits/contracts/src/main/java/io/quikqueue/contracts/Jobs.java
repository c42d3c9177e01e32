package io.quikqueue.contracts;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Postponement;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes jobs for tests, each with an id and times of its own clock. Thread-safe. */
public final class Jobs {

  private final InstantSource clock;
  private final JobIds ids;

  /** Jobs of the present. */
  public Jobs() {
    this(new RealTime());
  }

  public Jobs(InstantSource clock) {
    this(clock, RandomGenerator.getDefault());
  }

  /**
   * @param random makes the ids; seed it for ids that are the same in each run
   */
  public Jobs(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.ids = new JobIds(clock, random);
  }

  /** Now, in whole microseconds. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** An id that no job has. */
  public JobId anId() {
    return ids.next();
  }

  /** A job to be described further. */
  public JobFixture aJob() {
    return new JobFixture(anId(), now());
  }

  public Job aWaitingJob() {
    return aJob().waiting();
  }

  /** A job that is due this much later than now. */
  public Job aScheduledJob(Duration delay) {
    return aJob().scheduled(delay);
  }

  public Job aQueuedJob() {
    return aJob().queued();
  }

  /** This many QUEUED jobs, oldest first. */
  public List<Job> queuedJobs(int count) {
    return Stream.generate(this::aQueuedJob).limit(count).toList();
  }

  public Job aRunningJob() {
    return aJob().running();
  }

  public Job aRetryingJob() {
    return aJob().retrying();
  }

  public Job aDoneJob() {
    return aJob().done();
  }

  public Job aFailedJob() {
    return aJob().failed();
  }

  public Job aCancelledJob() {
    return aJob().cancelled();
  }

  public Job anExpiredJob() {
    return aJob().expired();
  }

  /** What a verb makes of a job, in the ordinary way: a failure is not permanent. */
  public static Transition after(Job job, Verb verb, Instant now) {
    return switch (verb) {
      case WAKE -> job.wake(now);
      case START -> job.start(now);
      case SUCCEED -> job.succeed("{\"answer\":42}", "it worked", now);
      case FAIL -> job.fail(new Failure("it did not work", false), 0.5, now);
      case POSTPONE ->
          job.postpone(new Postponement(now.plusSeconds(30), "it is full", "come again"), 0.5, now);
      case SUSPEND -> job.suspend(now.plusSeconds(60), "sleeps until later", now);
      case CANCEL -> job.cancel(now);
      case EXPIRE -> job.expire(now);
      case SKIP -> job.skip("fetch failed", now);
      case PASS -> job.pass(now);
      case RETRY -> job.retry(now);
      case REPLACE -> job.replace(job.spec(), now, now);
      case MOVE -> job.move(new Move(0, null), now);
      case RELEASE -> job.release(now);
      case RESCUE -> job.rescue(now);
    };
  }

  /**
   * An idempotency key of a request.
   *
   * @param request a number from 0 to 15 that stands for the request's content
   */
  public static IdempotencyKey aKey(String key, int request) {
    return new IdempotencyKey(
        key, IdempotencyKey.VERSION + Integer.toHexString(request).repeat(56));
  }
}
