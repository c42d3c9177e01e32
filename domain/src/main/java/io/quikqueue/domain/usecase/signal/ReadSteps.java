package io.quikqueue.domain.usecase.signal;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobStep;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import java.util.List;
import java.util.Optional;

/** Shows what a job remembers of its attempts. */
public final class ReadSteps {

  private final JobStore store;
  private final JobSteps steps;

  public ReadSteps(JobStore store, JobSteps steps) {
    this.store = store;
    this.steps = steps;
  }

  /**
   * The steps of a job in the order in which they began; empty = there is no such job.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Optional<List<JobStep>> steps(Caller caller, JobId job) {
    return store.states(List.of(job)).isEmpty() ? Optional.empty() : Optional.of(steps.steps(job));
  }
}
