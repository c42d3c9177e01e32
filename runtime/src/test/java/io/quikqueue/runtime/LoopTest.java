package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {

  @Test
  void repeatsItsStepAtOnceWhileThereIsMoreAndThenWaits() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    Loop loop = Loop.draining("test", Duration.ofHours(1), () -> steps.incrementAndGet() < 5);
    loop.start();
    await().atMost(Duration.ofMinutes(1)).until(() -> steps.get() == 5);
    loop.stop();
    assertThat(steps).hasValue(5);
  }

  @Test
  void goesOnAfterAFailure() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    Loop loop =
        new Loop(
            "test",
            () -> {
              if (steps.incrementAndGet() == 1) {
                throw new UnavailableException("store", "away");
              }
              return Duration.ofHours(1);
            });
    loop.start();
    await().atMost(Duration.ofMinutes(1)).until(() -> steps.get() == 2);
    loop.stop();
  }
}
