package io.quikqueue.redis;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

final class RedisReadyQueueContractTest implements ReadyQueueFixture {

  private final TestQueues queues = new TestQueues();

  @Override
  public ReadyQueue empty() {
    return queues.open();
  }

  @Override
  public void letPass(Duration duration) {
    TestQueues.letPass(duration);
  }

  @Override
  public Duration memory() {
    return TestQueues.MEMORY;
  }

  @AfterEach
  void close() {
    queues.close();
  }

  @Nested
  class Pushes extends ReadyQueuePushContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }

  @Nested
  class Places extends ReadyPlacesContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }

  @Nested
  class Takes extends ReadyQueueTakeContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }

  @Nested
  class Waits extends ReadyQueueWaitContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }

  @Nested
  class Leases extends ReadyQueueLeaseContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }

  @Nested
  class Limits extends ReadyQueueLimitsContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }

  @Nested
  class Fairness extends ReadyQueueFairnessContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return RedisReadyQueueContractTest.this;
    }
  }
}
