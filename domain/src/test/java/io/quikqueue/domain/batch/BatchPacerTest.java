package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchPacerTest {

  private static final BooleanSupplier NEVER = () -> false;

  @Test
  @Timeout(60)
  void theFirstBatchDoesNotWait() {
    BatchPacer pacer = new BatchPacer(Duration.ofHours(1));
    long begin = System.nanoTime();

    pacer.await(NEVER);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void batchesBeginAtLeastAnIntervalApart() {
    BatchPacer pacer = new BatchPacer(Duration.ofMillis(5));
    long begin = System.nanoTime();

    for (int i = 0; i < 5; i++) {
      pacer.await(NEVER);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  @Timeout(60)
  void aBatchDoesNotWaitOnceThereIsEnoughForIt() throws InterruptedException {
    BatchPacer pacer = new BatchPacer(Duration.ofHours(1));
    pacer.await(NEVER);
    AtomicBoolean enough = new AtomicBoolean();
    Thread waiting = Thread.ofPlatform().start(() -> pacer.await(enough::get));

    enough.set(true);
    LockSupport.unpark(waiting);

    waiting.join();
  }

  @Test
  @Timeout(60)
  void aBatchAfterOneOfASingleItemDoesNotWait() {
    BatchPacer pacer = new BatchPacer(Duration.ofHours(1));
    pacer.await(NEVER);

    pacer.recordBatchSize(1);
    pacer.await(NEVER);
  }

  @Test
  void aBatchAfterOneOfSeveralItemsWaits() {
    BatchPacer pacer = new BatchPacer(Duration.ofMillis(50));
    pacer.await(NEVER);
    pacer.recordBatchSize(1);
    long begin = System.nanoTime();
    pacer.await(NEVER);

    pacer.recordBatchSize(2);
    pacer.await(NEVER);

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aStrictOneWaitsAlsoAfterASingleItem() {
    BatchPacer pacer = BatchPacer.strict(Duration.ofMillis(50));
    pacer.await(NEVER);
    long begin = System.nanoTime();

    pacer.recordBatchSize(1);
    pacer.await(NEVER);

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(40));
  }

  @Test
  @Timeout(60)
  void anInterruptedThreadDoesNotWait() {
    BatchPacer pacer = new BatchPacer(Duration.ofHours(1));
    pacer.await(NEVER);

    Thread.currentThread().interrupt();
    pacer.await(NEVER);

    assertThat(Thread.interrupted()).isTrue();
  }
}
