package io.quikqueue.local;

import io.quikqueue.contracts.JobStreamContract;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobStream;
import java.util.ArrayList;
import java.util.List;

final class LocalStreamContractTest extends JobStreamContract {

  private final List<Job> dispatched = new ArrayList<>();

  @Override
  protected JobStream empty() {
    return new LocalStream(
        batch -> {
          synchronized (dispatched) {
            dispatched.addAll(batch);
          }
        });
  }

  @Override
  protected List<Job> dispatched() {
    synchronized (dispatched) {
      return List.copyOf(dispatched);
    }
  }
}
