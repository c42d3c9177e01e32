package io.quikqueue.redis;

import io.quikqueue.contracts.ReadyQueueFairnessContract;
import io.quikqueue.contracts.ReadyQueueLeaseContract;
import io.quikqueue.contracts.ReadyQueueLimitsContract;
import io.quikqueue.contracts.ReadyQueuePushContract;
import io.quikqueue.contracts.ReadyQueueTakeContract;
import io.quikqueue.contracts.ReadyQueueWaitContract;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

final class RedisReadyQueueContractTest {

  private final TestQueues queues = new TestQueues();

  private ReadyQueue open() {
    return queues.open();
  }

  @AfterEach
  void close() {
    queues.close();
  }

  @Nested
  class Pushes extends ReadyQueuePushContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      TestQueues.letPass(duration);
    }

    @Override
    protected Duration memory() {
      return TestQueues.MEMORY;
    }
  }

  @Nested
  class Takes extends ReadyQueueTakeContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      TestQueues.letPass(duration);
    }

    @Override
    protected Duration memory() {
      return TestQueues.MEMORY;
    }
  }

  @Nested
  class Waits extends ReadyQueueWaitContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      TestQueues.letPass(duration);
    }

    @Override
    protected Duration memory() {
      return TestQueues.MEMORY;
    }
  }

  @Nested
  class Leases extends ReadyQueueLeaseContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      TestQueues.letPass(duration);
    }

    @Override
    protected Duration memory() {
      return TestQueues.MEMORY;
    }
  }

  @Nested
  class Limits extends ReadyQueueLimitsContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      TestQueues.letPass(duration);
    }

    @Override
    protected Duration memory() {
      return TestQueues.MEMORY;
    }
  }

  @Nested
  class Fairness extends ReadyQueueFairnessContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      TestQueues.letPass(duration);
    }

    @Override
    protected Duration memory() {
      return TestQueues.MEMORY;
    }
  }
}
