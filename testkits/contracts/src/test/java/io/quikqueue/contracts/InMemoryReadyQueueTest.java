package io.quikqueue.contracts;

import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;

final class InMemoryReadyQueueTest implements ReadyQueueFixture {

  private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @Override
  public ReadyQueue empty() {
    return new InMemoryReadyQueue(() -> now);
  }

  @Override
  public void letPass(Duration duration) {
    now = now.plus(duration);
  }

  @Nested
  class Pushes extends ReadyQueuePushContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }

  @Nested
  class Places extends ReadyPlacesContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }

  @Nested
  class Takes extends ReadyQueueTakeContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }

  @Nested
  class Waits extends ReadyQueueWaitContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }

  @Nested
  class Leases extends ReadyQueueLeaseContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }

  @Nested
  class Limits extends ReadyQueueLimitsContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }

  @Nested
  class Fairness extends ReadyQueueFairnessContract {
    @Override
    protected ReadyQueueFixture fixture() {
      return InMemoryReadyQueueTest.this;
    }
  }
}
