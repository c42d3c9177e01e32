package io.quikqueue.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyTableTest {

  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final RetryDelays FIXED =
      RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(9), null, null, null);
  private static final RetryDelays LIST =
      RetryDelays.of(null, null, null, List.of(Duration.ofSeconds(1)), null);

  private final PolicyTable policies =
      new PolicyTable(
          1,
          Map.of("mail", new PolicyOptions(new RetryOptions(7, FIXED, null, null), null)),
          Map.of("slow", new PolicyOptions(new RetryOptions(9, LIST, HOUR, null), HOUR)));

  @Test
  void theJobGoesBeforeItsTypeAndThatBeforeItsQueue() {
    assertThat(policy("mail", "default", RetryOptions.NONE))
        .isEqualTo(new Policy(7, FIXED, null, MINUTE, 3, 0));
    assertThat(policy("echo", "slow", RetryOptions.NONE))
        .isEqualTo(new Policy(9, LIST, HOUR, HOUR, 3, 0));
    assertThat(policy("mail", "slow", RetryOptions.NONE))
        .isEqualTo(new Policy(7, FIXED, HOUR, HOUR, 3, 0));
    assertThat(policy("mail", "slow", new RetryOptions(1, null, null, 2)).withOwn(0))
        .isEqualTo(new Policy(1, FIXED, HOUR, HOUR, 2, 0));
    assertThat(
            policy("mail", "slow", new RetryOptions(null, RetryDelays.DEFAULT, null, null))
                .withOwn(0))
        .isEqualTo(new Policy(7, RetryDelays.DEFAULT, HOUR, HOUR, 3, 0));
  }

  @Test
  void whatAPolicyIsChangedToCountsAndWhatTheJobSaysStays() {
    JobSpec before = policies.complete(spec("mail", "slow", new RetryOptions(1, null, null, null)));
    PolicyTable after =
        new PolicyTable(
            2,
            Map.of("mail", new PolicyOptions(new RetryOptions(50, LIST, null, 1), MINUTE)),
            Map.of());

    JobSpec changed = after.complete(before);

    assertThat(changed.policy().withOwn(0)).isEqualTo(new Policy(1, LIST, null, MINUTE, 1, 0));
    assertThat(PolicyTable.EMPTY.complete(changed).policy().withOwn(0))
        .as("without any")
        .isEqualTo(new Policy(1, RetryDelays.DEFAULT, null, MINUTE, 3, 0));
  }

  @Test
  void aJobThatSaysAllOfItIsLeftAsItIs() {
    Policy own = new Policy(2, LIST, null, MINUTE, 1);
    JobSpec spec = JobSpec.builder("mail", "1").queue("slow").policy(own).build();

    assertThat(policies.complete(spec)).isSameAs(spec);
  }

  @Test
  void othersAreLeftAsTheyAre() {
    JobSpec spec = JobSpec.of("echo", "1");

    assertThat(policies.complete(spec)).isSameAs(spec);
    assertThat(PolicyTable.EMPTY.complete(spec)).isSameAs(spec);
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

    JobSpec complete = policies.complete(spec);

    assertThat(complete.policy().timeout()).hasSeconds(1);
    assertThat(complete.policy().maxAttempts()).isEqualTo(7);
    assertThat(complete.toBuilder().policy(spec.policy()).build()).isEqualTo(spec);
  }

  private Policy policy(String type, String queue, RetryOptions retry) {
    return policies.complete(spec(type, queue, retry)).policy();
  }

  /** As the api reads it: what the job says stands in its policy. */
  private static JobSpec spec(String type, String queue, RetryOptions retry) {
    return JobSpec.builder(type, "1").queue(queue).policy(retry.over(Policy.DEFAULT)).build();
  }
}
