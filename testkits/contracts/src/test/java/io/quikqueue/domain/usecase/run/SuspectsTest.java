package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.JobBuilder;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.Job;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SuspectsTest {

  private final Jobs jobs = new Jobs();
  private final Instant crash = jobs.now();

  private final Suspects suspects = new Suspects(crash, 2);

  @Test
  void areTheFirstOfEachQueueFromBeforeTheCrash() {
    assertThat(suspects.test(before("a"))).isTrue();
    assertThat(suspects.test(before("a"))).isTrue();
    assertThat(suspects.test(before("a"))).isFalse();
    assertThat(suspects.test(before("b"))).isTrue();
  }

  @Test
  void areNotWhatCameLaterNorDoesThatCount() {
    for (int i = 0; i < 3; i++) {
      assertThat(suspects.test(jobs.aJob().queue("a").at(crash).queued())).isFalse();
    }
    assertThat(suspects.test(before("a"))).isTrue();
  }

  @Test
  void areAllThatCrashedBefore() {
    for (int i = 0; i < 3; i++) {
      Job again = jobs.aJob().queue("a").at(crash).queued().rescue(crash.plusSeconds(1)).job();
      assertThat(suspects.test(again)).isTrue();
    }
  }

  private Job before(String queue) {
    JobBuilder job = jobs.aJob().queue(queue);
    return job.at(crash.minus(Duration.ofSeconds(1))).queued();
  }
}
