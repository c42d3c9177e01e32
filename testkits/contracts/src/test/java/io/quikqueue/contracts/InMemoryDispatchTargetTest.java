package io.quikqueue.contracts;

import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.time.Instant;

final class InMemoryDispatchTargetTest extends DispatchTargetContract {

  private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final InMemoryReadyQueue fake = new InMemoryReadyQueue(() -> now);

  @Override
  protected ReadyQueue empty() {
    return fake;
  }

  @Override
  protected DispatchTarget targetOf(ReadyQueue empty) {
    return fake;
  }

  @Override
  protected void wipe() {
    fake.wipe();
  }

  @Override
  protected void letPass(Duration duration) {
    now = now.plus(duration);
  }
}
