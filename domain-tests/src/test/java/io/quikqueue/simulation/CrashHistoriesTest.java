package io.quikqueue.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.simulation.CrashHistory.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever jobs end their workers, they are given up and no others are. {@code -Dquikqueue.seed=N}
 * runs other histories.
 */
@Isolated("it silences the log")
@ExtendWith(DomainLogOff.class)
class CrashHistoriesTest {

  private static final long HISTORIES = Long.getLong("quikqueue.crashhistories", 1_000);

  @Test
  void noInnocentJobIsGivenUpAndEachOtherIs() {
    runAll(Long.getLong("quikqueue.seed", 1), HISTORIES, Rule.AS_IT_IS);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AS_IT_IS")
  void failsWhenTheRuleIsBroken(Rule rule) {
    assertThatThrownBy(() -> runAll(1, HISTORIES, rule))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("is FAILED")
        .hasMessageContaining("poison: false");
  }

  private static void runAll(long from, long count, Rule rule) {
    int deaths = 0;
    for (long seed = from; seed < from + count; seed++) {
      try {
        deaths += new CrashHistory(seed, rule).run();
      } catch (Violation e) {
        throw new Violation("seed " + seed + ": " + e.getMessage());
      }
    }
    System.out.println("event=crash_histories histories=" + count + " deaths=" + deaths);
  }
}
