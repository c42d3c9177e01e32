package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.JobFixture;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which jobs are concerned; how trials go is in {@link AttemptAdmitterTest}. */
class CrashQuarantineTest {

  private final Jobs jobs = new Jobs();
  private final Instant crash = jobs.now();
  private final Predicate<Job> afterCrash = CrashQuarantine.startsMarkedAfterCrash(crash, 2);

  @ParameterizedTest
  @CsvSource({"3,2,2", "3,3,8", "3,4,32", "5,2,2", "2,1,2", "2,2,8", "3,10,131072", "3,99,131072"})
  void aTrialIsFourTimesAsLongAfterEachCrashInQuarantine(int most, int crashes, long seconds) {
    Job job = crashed(crashes, most);

    assertThat(CrashQuarantine.onFinalCrashBudget(job)).isTrue();
    assertThat(CrashQuarantine.period(job)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,0", "3,0", "3,1", "5,1"})
  void aJobIsNotOnItsFinalBudgetBefore(int most, int crashes) {
    assertThat(CrashQuarantine.onFinalCrashBudget(crashed(crashes, most))).isFalse();
  }

  @Test
  void theFirstOfEachQueueFromBeforeTheCrashStartMarked() {
    assertThat(afterCrash.test(before("a"))).isTrue();
    assertThat(afterCrash.test(before("a"))).isTrue();
    assertThat(afterCrash.test(before("a"))).isFalse();
    assertThat(afterCrash.test(before("b"))).isTrue();
  }

  @Test
  void whatCameLaterDoesNotNorDoesItCount() {
    for (int i = 0; i < 3; i++) {
      assertThat(afterCrash.test(jobs.aJob().queue("a").at(crash).queued())).isFalse();
    }
    assertThat(afterCrash.test(before("a"))).isTrue();
  }

  @Test
  void allThatCrashedBeforeStartMarked() {
    for (int i = 0; i < 3; i++) {
      Job again = jobs.aJob().queue("a").at(crash).queued().rescue(crash.plusSeconds(1)).after();
      assertThat(afterCrash.test(again)).isTrue();
      assertThat(CrashQuarantine.startsMarked(again)).isTrue();
    }
  }

  private Job crashed(int times, int most) {
    Job job = jobs.aJob().maxCrashes(most).queued();
    for (int i = 0; i < times; i++) {
      job = job.rescue(crash).after();
    }
    return job;
  }

  private Job before(String queue) {
    JobFixture job = jobs.aJob().queue(queue);
    return job.at(crash.minus(Duration.ofSeconds(1))).queued();
  }
}
