package io.quikqueue.local;

import io.quikqueue.contracts.ReadyPlacesContract;
import io.quikqueue.contracts.ReadyQueueFairnessContract;
import io.quikqueue.contracts.ReadyQueueFixture;
import io.quikqueue.contracts.ReadyQueueLeaseContract;
import io.quikqueue.contracts.ReadyQueueLimitsContract;
import io.quikqueue.contracts.ReadyQueuePushContract;
import io.quikqueue.contracts.ReadyQueueTakeContract;
import io.quikqueue.contracts.ReadyQueueWaitContract;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

final class LocalReadyQueueContractTest implements ReadyQueueFixture {

  // Near the end of the range: monotonic time may overflow.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final StoredJobs store = new StoredJobs();
  private final LocalReadyQueue queue =
      new LocalReadyQueue(store, store, new LocalConfig(), nanos::get);

  @Override
  public ReadyQueue empty() {
    queue.start();
    return queue;
  }

  @Override
  public void letPass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  @AfterEach
  void close() {
    queue.close();
  }

  @Nested
  class Pushes extends ReadyQueuePushContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }

  @Nested
  class Places extends ReadyPlacesContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }

  @Nested
  class Takes extends ReadyQueueTakeContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }

  @Nested
  class Waits extends ReadyQueueWaitContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }

  @Nested
  class Leases extends ReadyQueueLeaseContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }

  @Nested
  class Limits extends ReadyQueueLimitsContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }

  @Nested
  class Fairness extends ReadyQueueFairnessContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return LocalReadyQueueContractTest.this;
    }
  }
}
