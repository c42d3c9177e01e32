package io.quikqueue.redis;

import io.quikqueue.contracts.ReadyQueueContract;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

final class RedisReadyQueueContractTest extends ReadyQueueContract {

  private final TestQueues queues = new TestQueues();

  @Override
  protected ReadyQueue empty() {
    return queues.open();
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
