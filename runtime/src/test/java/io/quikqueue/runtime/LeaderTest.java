package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.port.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaderTest {

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> calls = new ArrayList<>();
  private boolean mine = true;
  private final Leadership leadership =
      new Leadership() {
        @Override
        public boolean acquire(String name, String holder, Duration duration) {
          calls.add("acquire " + name + " " + holder);
          return mine;
        }

        @Override
        public void release(String name, String holder) {
          calls.add("release " + name + " " + holder);
        }
      };
  private final Leader leader =
      new Leader(leadership, "scheduler", "me", Duration.ofSeconds(15), nanos::get);

  @Test
  void asksOnceInAThirdOfTheLease() {
    assertThat(leader.leads()).isTrue();
    nanos.addAndGet(Duration.ofMillis(4_999).toNanos());
    assertThat(leader.leads()).isTrue();
    assertThat(calls).containsExactly("acquire scheduler me");
    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    mine = false;
    assertThat(leader.leads()).isFalse();
    assertThat(calls).hasSize(2);
  }

  @Test
  void givesUpTheLeaseOnlyWhenItHasIt() {
    leader.stop();
    assertThat(calls).isEmpty();
    leader.leads();
    leader.stop();
    assertThat(calls).containsExactly("acquire scheduler me", "release scheduler me");
  }
}
