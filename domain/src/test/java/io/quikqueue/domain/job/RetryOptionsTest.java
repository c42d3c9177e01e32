package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryOptionsTest {

  private static final RetryDelays FIXED =
      RetryDelays.of(RetryDelays.Kind.FIXED, Duration.ofSeconds(9), null, null, null);
  private static final RetryDelays LIST =
      RetryDelays.of(null, null, null, List.of(Duration.ofSeconds(1)), null);

  @Test
  void whoSaysNothingChangesNothing() {
    assertThat(RetryOptions.NONE.over(Policy.DEFAULT)).isSameAs(Policy.DEFAULT);
  }

  @Test
  void theNearestWinsInEachPart() {
    RetryOptions near = new RetryOptions(7, null, Duration.ofHours(1), null);
    RetryOptions far = new RetryOptions(9, FIXED, null, 1);

    assertThat(near.orElse(far)).isEqualTo(new RetryOptions(7, FIXED, Duration.ofHours(1), 1));
    assertThat(far.orElse(near)).isEqualTo(new RetryOptions(9, FIXED, Duration.ofHours(1), 1));
    assertThat(new RetryOptions(null, LIST, null, null).orElse(far))
        .isEqualTo(new RetryOptions(9, LIST, null, 1));
  }

  @Test
  void whatIsSaidGoesBeforeThePolicy() {
    Policy policy = Policy.DEFAULT.withTimeout(Duration.ofSeconds(5));

    assertThat(new RetryOptions(7, LIST, Duration.ZERO, 1).over(policy))
        .isEqualTo(new Policy(7, LIST, Duration.ZERO, Duration.ofSeconds(5), 1));
    assertThat(new RetryOptions(null, null, null, 2).over(policy))
        .isEqualTo(
            new Policy(
                5,
                RetryDelays.DEFAULT,
                null,
                Duration.ofSeconds(5),
                2,
                Policy.OWN_TIMEOUT | Policy.OWN_MAX_CRASHES));
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThat(field(1001, null, null)).isEqualTo("retry.max_attempts");
    assertThat(field(null, Duration.ofMillis(-1), null)).isEqualTo("retry.max_elapsed");
    assertThat(field(null, null, 6)).isEqualTo("retry.max_crashes");
  }

  private static String field(Integer attempts, Duration elapsed, Integer crashes) {
    return catchThrowableOfType(
            InvalidFieldException.class, () -> new RetryOptions(attempts, null, elapsed, crashes))
        .field();
  }
}
