package io.quikqueue.contracts;

import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.time.Instant;

final class InMemoryReadyQueueTest extends ReadyQueueContract {

  private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @Override
  protected ReadyQueue empty() {
    return new InMemoryReadyQueue(() -> now);
  }

  @Override
  protected void letPass(Duration duration) {
    now = now.plus(duration);
  }
}
