package io.quikqueue.domain.usecase.finish;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.CountingMeter;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkflowLogTest {

  private final CountingMeter meter = new CountingMeter();
  private final List<String> lines = new ArrayList<>();
  private final WorkflowId id = new WorkflowId(new Jobs().anId());
  private final WorkflowLog log =
      new WorkflowLog(meter, () -> 0, (level, line) -> lines.add(level + " " + line));

  @Test
  void tellsOfAWorkflowThatFailed() {
    log.ended(workflow(WorkflowState.FAILED, 1));

    assertThat(meter.count("workflow_ended/FAILED")).isEqualTo(1);
    assertThat(meter.count("workflow_nodes/DONE")).isEqualTo(3);
    assertThat(meter.count("workflow_nodes/FAILED")).isEqualTo(1);
    assertThat(meter.count("workflow_timed")).isEqualTo(1);
    assertThat(lines)
        .containsExactly(
            "INFO event=workflow_ended workflow_id="
                + id
                + " name=nightly state=FAILED generation=1 nodes=4 done=3 failed=1 cancelled=0"
                + " expired=0 skipped=0 duration_ms=1500");
  }

  @Test
  void oneThatSucceededIsCountedAndNoLineOfTheLog() {
    log.ended(workflow(WorkflowState.DONE, 1));

    assertThat(meter.count("workflow_ended/DONE")).isEqualTo(1);
    assertThat(lines).isEmpty();
  }

  @Test
  void aRetryHasNoDuration() {
    log.ended(workflow(WorkflowState.FAILED, 2));

    assertThat(meter.count("workflow_timed")).isZero();
    assertThat(lines.getFirst()).contains("generation=2").endsWith("duration_ms=none");
  }

  @Test
  void aFloodIsBounded() {
    for (int i = 0; i < 500; i++) {
      log.ended(workflow(WorkflowState.CANCELLED, 1));
    }

    assertThat(meter.count("workflow_ended/CANCELLED")).isEqualTo(500);
    assertThat(lines).hasSize(120);
  }

  private WorkflowView workflow(WorkflowState state, int generation) {
    Instant begun = Instant.parse("2026-01-01T00:00:00Z");
    Instant over = begun.plusMillis(1500);
    return new WorkflowView(
        id,
        "nightly",
        new WorkflowProgress(state, OnFailure.FINISH_BRANCHES, 0, 0, 3, 1, 0, 0, 0, 1),
        generation,
        4,
        null,
        begun,
        over,
        over,
        null);
  }
}
