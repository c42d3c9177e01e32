package io.quikqueue.domain.usecase.find;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import java.util.List;
import java.util.Optional;

/** Looks jobs up. */
public final class Find {

  private final JobStore store;

  public Find(JobStore store) {
    this.store = store;
  }

  /**
   * The job as it is now.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Optional<Job> find(Caller caller, JobId id) {
    return Optional.ofNullable(store.find(List.of(id)).get(id));
  }

  /** The job's state as it is now; empty = there is no such job. Throws as {@link #find} does. */
  public Optional<JobState> state(Caller caller, JobId id) {
    return Optional.ofNullable(store.states(List.of(id)).get(id));
  }

  /**
   * Where the job stands that tells of the end of this one; empty when there is none, or it was
   * deleted. Throws as {@link #find} does.
   */
  public Optional<JobState> callback(Caller caller, Job job) {
    JobId callback = CallbackJobs.idOf(job);
    return callback == null ? Optional.empty() : state(caller, callback);
  }

  /** The attempts of the job that have ended, oldest first. Throws as {@link #find} does. */
  public List<AttemptRecord> attempts(Caller caller, JobId id) {
    return store.attempts(id);
  }

  /** The earlier generations of the job, the last one first. Throws as {@link #find} does. */
  public List<Generation> generations(Caller caller, JobId id) {
    return store.generations(id);
  }
}
