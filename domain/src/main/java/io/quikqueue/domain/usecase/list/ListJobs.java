package io.quikqueue.domain.usecase.list;

import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;

/** Lists jobs, newest first. */
public final class ListJobs {

  private final JobStore store;

  public ListJobs(JobStore store) {
    this.store = store;
  }

  /**
   * A page of jobs.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public JobPage list(Caller caller, JobQuery query) {
    return store.list(query.within(caller.scope()));
  }
}
