package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryDefaultsTest {

  private static final RetryDelays FIXED =
      RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(9), null, null, null);
  private static final RetryDelays LIST =
      RetryDelays.of(null, null, null, List.of(Duration.ofSeconds(1)), null);

  private final RetryDefaults defaults =
      new RetryDefaults(
          Map.of("mail", new RetryOptions(7, FIXED, null, null)),
          Map.of("slow", new RetryOptions(9, LIST, Duration.ofHours(1), null)));

  @Test
  void theJobGoesBeforeItsTypeAndThatBeforeItsQueue() {
    assertThat(policy("mail", "default", RetryOptions.NONE))
        .isEqualTo(new Policy(7, FIXED, null, Duration.ofSeconds(60), 3));
    assertThat(policy("echo", "slow", RetryOptions.NONE))
        .isEqualTo(new Policy(9, LIST, Duration.ofHours(1), Duration.ofSeconds(60), 3));
    assertThat(policy("mail", "slow", RetryOptions.NONE))
        .isEqualTo(new Policy(7, FIXED, Duration.ofHours(1), Duration.ofSeconds(60), 3));
    assertThat(policy("mail", "slow", new RetryOptions(1, null, null, 2)))
        .isEqualTo(new Policy(1, FIXED, Duration.ofHours(1), Duration.ofSeconds(60), 2));
    assertThat(policy("mail", "slow", new RetryOptions(null, RetryDelays.DEFAULT, null, null)))
        .isEqualTo(
            new Policy(7, RetryDelays.DEFAULT, Duration.ofHours(1), Duration.ofSeconds(60), 3));
  }

  @Test
  void othersAreLeftAsTheyAre() {
    JobSpec spec = JobSpec.of("echo", "1");

    assertThat(defaults.complete(JobRequest.of(spec))).isSameAs(spec);
    assertThat(RetryDefaults.NONE.complete(JobRequest.of(spec))).isSameAs(spec);
  }

  @Test
  void allElseOfAJobStays() {
    JobSpec spec =
        JobSpec.builder("mail", "{}")
            .policy(Policy.DEFAULT.withTimeout(Duration.ofSeconds(1)))
            .labels(Map.of("a", "b"))
            .group("g")
            .cost(2)
            .build();

    JobSpec complete = defaults.complete(JobRequest.of(spec));

    assertThat(complete.policy().timeout()).hasSeconds(1);
    assertThat(complete.policy().maxAttempts()).isEqualTo(7);
    assertThat(complete.toBuilder().policy(spec.policy()).build()).isEqualTo(spec);
  }

  /** As the api reads it: what the job says stands in its policy too. */
  private Policy policy(String type, String queue, RetryOptions retry) {
    JobSpec spec =
        JobSpec.builder(type, "1").queue(queue).policy(retry.over(Policy.DEFAULT)).build();
    return defaults.complete(new JobRequest(spec, null, null, null, retry)).policy();
  }
}
