package io.quikqueue.redis;

import io.quikqueue.contracts.DispatchTargetContract;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

final class RedisDispatchTargetContractTest extends DispatchTargetContract {

  private final TestQueues queues = new TestQueues();

  @Override
  protected ReadyQueue empty() {
    return queues.open();
  }

  @Override
  protected DispatchTarget targetOf(ReadyQueue empty) {
    return (RedisReadyQueue) empty;
  }

  @Override
  protected void wipe() {
    queues.deleteKeys();
  }

  @Override
  protected void letPass(Duration duration) {
    TestQueues.letPass(duration);
  }

  @Override
  protected Duration memory() {
    return TestQueues.MEMORY;
  }

  @AfterEach
  void close() {
    queues.close();
  }
}
