package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PaceTest {

  private static final BooleanSupplier NEVER = () -> false;

  @Test
  @Timeout(60)
  void theFirstRoundDoesNotWait() {
    Pace pace = new Pace(Duration.ofHours(1));
    long begin = System.nanoTime();

    pace.await(NEVER);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void roundsBeginAtLeastSoFarApart() {
    Pace pace = new Pace(Duration.ofMillis(5));
    long begin = System.nanoTime();

    for (int i = 0; i < 5; i++) {
      pace.await(NEVER);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  @Timeout(60)
  void aRoundDoesNotWaitOnceThereIsEnoughForIt() throws InterruptedException {
    Pace pace = new Pace(Duration.ofHours(1));
    pace.await(NEVER);
    AtomicBoolean enough = new AtomicBoolean();
    Thread waiting = Thread.ofPlatform().start(() -> pace.await(enough::get));

    enough.set(true);
    LockSupport.unpark(waiting);

    waiting.join();
  }

  @Test
  @Timeout(60)
  void aRoundAfterOneOfALoneItemDoesNotWait() {
    Pace pace = new Pace(Duration.ofHours(1));
    pace.await(NEVER);

    pace.took(1);
    pace.await(NEVER);
  }

  @Test
  void aRoundAfterOneOfSeveralWaits() {
    Pace pace = new Pace(Duration.ofMillis(50));
    pace.await(NEVER);
    pace.took(1);
    long begin = System.nanoTime();
    pace.await(NEVER);

    pace.took(2);
    pace.await(NEVER);

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  @Timeout(60)
  void anInterruptedThreadDoesNotWait() {
    Pace pace = new Pace(Duration.ofHours(1));
    pace.await(NEVER);

    Thread.currentThread().interrupt();
    pace.await(NEVER);

    assertThat(Thread.interrupted()).isTrue();
  }
}
