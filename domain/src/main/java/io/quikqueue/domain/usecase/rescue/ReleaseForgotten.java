package io.quikqueue.domain.usecase.rescue;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.usecase.listen.JobListener;
import java.util.List;

/**
 * The second line behind the store, which releases jobs in the transaction that ends the one they
 * wait for: finds those that a process of an older version has left waiting. There is nothing to do
 * when no such process is at work. It also goes on with workflows where a process died between two
 * transactions.
 */
public final class ReleaseForgotten {

  private static final int ROWS = 1_000;

  /** Workflows that one look goes on with. */
  private static final int WORKFLOWS = 16;

  private final Dependencies dependencies;
  private final Workflows workflows;
  private final JobListener listener;

  /**
   * @param listener hears of the jobs that became ready
   */
  public ReleaseForgotten(Dependencies dependencies, Workflows workflows, JobListener listener) {
    this.dependencies = dependencies;
    this.workflows = workflows;
    this.listener = listener;
  }

  /**
   * Looks at the next rows.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public void release() {
    tell(dependencies.releaseForgotten(ROWS));
    tell(workflows.proceed(WORKFLOWS));
  }

  private void tell(List<Job> ready) {
    if (!ready.isEmpty()) {
      listener.ready(ready);
    }
  }
}
