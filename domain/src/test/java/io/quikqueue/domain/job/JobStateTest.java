package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobStateTest {

  /** What is in databases by now. */
  @ParameterizedTest
  @CsvSource({
    "WAITING,1",
    "SCHEDULED,2",
    "QUEUED,3",
    "RUNNING,4",
    "RETRYING,5",
    "DONE,6",
    "FAILED,7",
    "CANCELLED,8",
    "EXPIRED,9",
    "SKIPPED,10"
  })
  void codesNeverChange(JobState state, int code) {
    assertThat(state.code()).isEqualTo(code);
    assertThat(JobState.ofCode(code)).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 11, Integer.MAX_VALUE})
  void otherCodesAreRefused(int code) {
    assertThatIllegalArgumentException().isThrownBy(() -> JobState.ofCode(code));
  }

  @Test
  void terminalAndActiveAreWhatTheySay() {
    assertThat(JobState.values())
        .filteredOn(JobState::terminal)
        .containsExactly(
            JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.SKIPPED);
    assertThat(JobState.values())
        .filteredOn(JobState::active)
        .containsExactly(JobState.QUEUED, JobState.RUNNING);
  }
}
