package io.quikqueue.domain.usecase.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobRequestTest {

  private static final JobSpec SPEC = JobSpec.of("echo", "1");

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "P3660DT0.001S", "P106751991167300D"})
  void aDelayOutOfBoundsIsNamed(String delay) {
    assertThat(refusal(null, Duration.parse(delay))).isEqualTo("delay");
  }

  @Test
  void aDelayAndAMomentExcludeEachOther() {
    assertThat(refusal(Instant.EPOCH, Duration.ZERO)).isEqualTo("delay");
  }

  @Test
  void theLongestDelayIsAllowed() {
    assertThat(new JobRequest(SPEC, null, Duration.ofDays(3660), null).due(Instant.EPOCH))
        .isEqualTo(Instant.EPOCH.plus(Duration.ofDays(3660)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0080", "a\u0085b", "\u009b31m", "\u009f"})
  void controlCharactersBeyondAsciiAreNamed(String text) {
    assertThat(refusal(spec -> spec.labels(Map.of("a", text)))).isEqualTo("labels.a");
    assertThat(refusal(spec -> spec.group(text))).isEqualTo("group");
    assertThat(refusal(spec -> spec.orderingKey(text))).isEqualTo("ordering_key");
  }

  @Test
  void lettersBesideThemAreTaken() {
    String text = "~\u00a0é";

    assertThat(
            JobRequest.of(
                    JobSpec.builder("echo", "1").group(text).labels(Map.of("a", text)).build())
                .spec()
                .group())
        .isEqualTo(text);
  }

  private static String refusal(UnaryOperator<JobSpec.Builder> with) {
    JobSpec spec = with.apply(JobSpec.builder("echo", "1")).build();
    return catchThrowableOfType(InvalidFieldException.class, () -> JobRequest.of(spec)).field();
  }

  private static String refusal(Instant runAt, Duration delay) {
    return catchThrowableOfType(
            InvalidFieldException.class, () -> new JobRequest(SPEC, runAt, delay, null))
        .field();
  }
}
