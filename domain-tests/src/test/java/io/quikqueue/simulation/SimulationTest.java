package io.quikqueue.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories of the whole system, over the fakes of its ports. {@code
 * -Dquikqueue.histories=1000000} runs more of them, {@code -Dquikqueue.seed=N} others.
 */
@Isolated("it keeps all processors busy, and other tests measure time")
@ExtendWith(DomainLogOff.class)
class SimulationTest {

  private static final long HISTORIES = Long.getLong("quikqueue.histories", 100_000);
  private static final long BROKEN_HISTORIES = 20_000;

  @Test
  void keepsEveryPromiseInEachHistory() throws Exception {
    long first = Long.getLong("quikqueue.seed", 1);
    Optional<Histories.Failing> failing = Histories.firstFailing(first, HISTORIES, Broken.NOTHING);
    failing.ifPresent(each -> fail(each.summary() + "\n" + String.join("\n", each.story())));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void failsWhenAProtectionIsMissing(Broken broken) throws Exception {
    Optional<Histories.Failing> failing = Histories.firstFailing(1, BROKEN_HISTORIES, broken);

    assertThat(failing).isPresent();
    assertThat(failing.get().why()).isInstanceOf(Violation.class);
    assertThat(failing.get().story().getLast()).isEqualTo(failing.get().why().toString());
    System.out.println("event=bites broken=" + broken + " history=" + failing.get().summary());
  }
}
