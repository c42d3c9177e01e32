package io.quikqueue.local;

import io.quikqueue.contracts.ReadyQueueContract;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

final class LocalReadyQueueContractTest extends ReadyQueueContract {

  // Near the end of the range: monotonic time may overflow.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final StoredJobs store = new StoredJobs();
  private final LocalReadyQueue queue =
      new LocalReadyQueue(store, store, new LocalConfig(), nanos::get);

  @Override
  protected ReadyQueue empty() {
    queue.start();
    return queue;
  }

  @Override
  protected void letPass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  @AfterEach
  void close() {
    queue.close();
  }
}
