package io.quikqueue.local;

import io.quikqueue.contracts.JobStreamContract;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import java.util.ArrayList;
import java.util.List;

final class LocalStreamContractTest extends JobStreamContract {

  private final List<StreamRecord> dispatched = new ArrayList<>();

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
  protected List<StreamRecord> dispatched() {
    synchronized (dispatched) {
      return List.copyOf(dispatched);
    }
  }
}
