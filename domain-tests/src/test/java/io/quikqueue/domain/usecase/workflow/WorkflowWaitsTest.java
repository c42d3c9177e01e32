package io.quikqueue.domain.usecase.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkflowWaitsTest {

  private final Jobs jobs = new Jobs();
  private final WorkflowId id = new WorkflowId(jobs.anId());
  private final WorkflowId other = new WorkflowId(jobs.anId());
  private final WorkflowWaits waits = new WorkflowWaits();

  @Test
  void allWhoWaitForAWorkflowHearOfItsEnd() {
    CompletableFuture<Void> first = waits.begin(id);
    CompletableFuture<Void> second = waits.begin(id);
    CompletableFuture<Void> stranger = waits.begin(other);

    waits.ended(ended(id));

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(stranger).isNotDone();
    assertThat(waits.size()).isEqualTo(1);
  }

  @Test
  void anEndThatNobodyWaitsForLeavesNothingBehind() {
    waits.ended(ended(id));

    assertThat(waits.size()).isZero();
    assertThat(waits.begin(id)).isNotDone();
  }

  @Test
  void aWaitThatIsGivenUpIsForgottenAndTheOthersStay() {
    CompletableFuture<Void> gone = waits.begin(id);
    CompletableFuture<Void> stays = waits.begin(id);

    gone.cancel(false);
    assertThat(waits.size()).isEqualTo(1);
    waits.ended(ended(id));

    assertThat(stays).isCompleted();
    assertThat(gone).isCancelled();
    assertThat(waits.size()).isZero();
  }

  @Test
  void aWaitWhoseTimeIsOverIsForgotten() {
    waits.begin(id).completeOnTimeout(null, 1, TimeUnit.NANOSECONDS).join();

    // Whoever waited may hear of the timeout before the wait is forgotten.
    await().until(() -> waits.size() == 0);
  }

  @Test
  void whoeverEndsItHearsWhatTheOthersHear() {
    List<WorkflowView> heard = new ArrayList<>();
    CompletableFuture<Void> wait = waits.begin(id);

    WorkflowListener.all(heard::add, waits).ended(ended(id));

    assertThat(heard).hasSize(1);
    assertThat(wait).isCompleted();
  }

  private static WorkflowView ended(WorkflowId id) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    return new WorkflowView(
        id,
        "nightly",
        new WorkflowProgress(WorkflowState.DONE, OnFailure.FINISH_BRANCHES, 0, 0, 1, 0, 0, 0, 0, 0),
        1,
        1,
        null,
        now,
        now,
        now,
        null);
  }
}
