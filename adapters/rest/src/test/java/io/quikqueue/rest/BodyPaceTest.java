package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyPaceTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final BodyPace pace = new BodyPace(now::get);

  @Test
  void anyPaceWillDoForThirtySeconds() {
    assertThat(pace.tooSlow(1)).isFalse();
    pass(30);
    assertThat(pace.tooSlow(1)).isFalse();
  }

  @Test
  void afterThatAKibibyteASecondIsTheLeast() {
    pass(31);
    assertThat(pace.tooSlow(31 << 10)).isFalse();
    pass(20);
    assertThat(pace.tooSlow(20 << 10)).isFalse();
    pass(20);
    assertThat(pace.tooSlow((20 << 10) - 1)).isTrue();
  }

  @Test
  void whatCameBeforeDoesNotExcuseATrickle() {
    assertThat(pace.tooSlow(1 << 20)).isFalse();
    pass(31);
    assertThat(pace.tooSlow(1)).isFalse();
    pass(31);
    assertThat(pace.tooSlow(1)).isTrue();
  }

  private void pass(long seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
