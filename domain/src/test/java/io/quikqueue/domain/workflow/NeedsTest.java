package io.quikqueue.domain.workflow;

import static io.quikqueue.domain.workflow.Needs.Verdict.RUN;
import static io.quikqueue.domain.workflow.Needs.Verdict.SKIP;
import static io.quikqueue.domain.workflow.Needs.Verdict.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.workflow.Needs.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeedsTest {

  @ParameterizedTest
  @CsvSource({
    "ALL_SUCCEEDED, DONE, DONE, RUN",
    "ALL_SUCCEEDED, DONE, FAILED, SKIP",
    "ALL_SUCCEEDED, DONE, SKIPPED, SKIP",
    "NONE_FAILED, DONE, SKIPPED, RUN",
    "NONE_FAILED, SKIPPED, SKIPPED, RUN",
    "NONE_FAILED, DONE, EXPIRED, SKIP",
    "ALL_FINISHED, FAILED, SKIPPED, RUN",
    "ANY_SUCCEEDED, DONE, FAILED, RUN",
    "ANY_SUCCEEDED, SKIPPED, FAILED, SKIP",
    "ANY_FAILED, DONE, CANCELLED, RUN",
    "ANY_FAILED, DONE, SKIPPED, SKIP"
  })
  void theVerdictFollowsFromTheEnds(RunIf runIf, JobState one, JobState other, Verdict verdict) {
    for (List<JobState> order : List.of(List.of(one, other), List.of(other, one))) {
      Needs first = Needs.of(runIf, 2).after("a", order.get(0), false);
      assertThat(first.verdict()).isEqualTo(WAIT);
      assertThat(first.after("b", order.get(1), false).verdict()).isEqualTo(verdict);
    }
  }

  @Test
  void theFailureOfAnOptionalNodeCountsAsSuccess() {
    for (JobState end : List.of(JobState.FAILED, JobState.EXPIRED, JobState.CANCELLED)) {
      assertThat(Needs.of(RunIf.ALL_SUCCEEDED, 1).after("a", end, true).verdict()).isEqualTo(RUN);
      assertThat(Needs.of(RunIf.ANY_FAILED, 1).after("a", end, true).verdict()).isEqualTo(SKIP);
    }
    assertThat(Needs.of(RunIf.ALL_SUCCEEDED, 1).after("a", JobState.SKIPPED, true).verdict())
        .isEqualTo(SKIP);
  }

  @Test
  void theFirstThatDidNotSucceedIsTheCause() {
    Needs needs =
        Needs.of(RunIf.ALL_SUCCEEDED, 3)
            .after("a", JobState.DONE, false)
            .after("b", JobState.FAILED, false)
            .after("c", JobState.CANCELLED, false);

    assertThat(needs.why()).isEqualTo("b failed");
    assertThat(Needs.of(RunIf.ALL_SUCCEEDED, 1).after("x", JobState.SKIPPED, false).why())
        .isEqualTo("x was skipped");
    assertThat(Needs.of(RunIf.ANY_FAILED, 1).after("x", JobState.DONE, false).why())
        .isEqualTo("none of its needs failed");
  }

  @Test
  void eachKindHasACodeOfItsOwn() {
    for (RunIf each : RunIf.values()) {
      assertThat(RunIf.ofCode(each.code())).isEqualTo(each);
    }
    for (OnFailure each : OnFailure.values()) {
      assertThat(OnFailure.ofCode(each.code())).isEqualTo(each);
    }
    for (WorkflowState each : WorkflowState.values()) {
      assertThat(WorkflowState.ofCode(each.code())).isEqualTo(each);
    }
  }
}
