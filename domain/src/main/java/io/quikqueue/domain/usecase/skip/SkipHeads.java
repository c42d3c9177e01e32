package io.quikqueue.domain.usecase.skip;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.find.ChangeOnRequest;
import io.quikqueue.domain.usecase.find.TransitionResult;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Lets the line of an ordering key go on without the FAILED job that holds it. The job stays
 * FAILED, and may be retried later, at the end of its line.
 */
public final class SkipHeads {

  /** Whole jobs in memory at once: each may have a large payload. */
  private static final int WHOLE_JOBS = 25;

  private final JobStore store;
  private final InstantSource clock;
  private final ChangeOnRequest change;

  /**
   * @param store whose listeners announce what is released
   * @param clock the store's clock
   */
  public SkipHeads(JobStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.change = new ChangeOnRequest(store, Verb.PASS, job -> job.pass(clock.instant()));
  }

  /**
   * Lets the line go on that a job holds.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public TransitionResult skip(Caller caller, JobId id) {
    return change.apply(id);
  }

  /** Likewise those of these jobs that hold a line, since they are to be deleted. */
  public void skipAll(List<Job> jobs) {
    List<JobId> heads = jobs.stream().filter(Job::holdsLine).map(Job::id).toList();
    for (int from = 0; from < heads.size(); from += WHOLE_JOBS) {
      List<JobId> some = heads.subList(from, Math.min(from + WHOLE_JOBS, heads.size()));
      Instant now = clock.instant();
      List<Transition> passes =
          store.find(some).values().stream()
              .filter(Job::holdsLine)
              .map(job -> job.pass(now))
              .toList();
      store.save(passes);
    }
  }
}
