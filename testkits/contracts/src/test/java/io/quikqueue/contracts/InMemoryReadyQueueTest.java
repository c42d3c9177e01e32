package io.quikqueue.contracts;

import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;

final class InMemoryReadyQueueTest {

  private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

  private ReadyQueue open() {
    return new InMemoryReadyQueue(() -> now);
  }

  @Nested
  class Pushes extends ReadyQueuePushContract {
    @Override
    protected ReadyQueue empty() {
      return open();
    }

    @Override
    protected void letPass(Duration duration) {
      now = now.plus(duration);
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
      now = now.plus(duration);
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
      now = now.plus(duration);
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
      now = now.plus(duration);
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
      now = now.plus(duration);
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
      now = now.plus(duration);
    }
  }
}
