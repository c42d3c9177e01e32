package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.AttemptRecord.Outcome;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of {@link JobStoreContract} that is about the record of attempts. */
abstract class AttemptsContract extends ListContract {

  @Test
  void anAttemptIsOnRecordWhenItHasEnded() {
    Job first = submitted(jobs.aQueuedJob());
    Job running = saved(first, Verb.START);
    assertThat(stores.jobs().attempts(first.id())).isEmpty();
    Job retrying = saved(running, Verb.FAIL);
    Job second = saved(retrying, Verb.WAKE);
    Job crashed = saved(second, Verb.RESCUE);
    Job third = saved(saved(crashed, Verb.START), Verb.CANCEL);
    Job fourth = saved(saved(saved(third, Verb.RETRY), Verb.START), Verb.SUCCEED);

    List<AttemptRecord> attempts = stores.jobs().attempts(first.id());

    assertThat(attempts).extracting(AttemptRecord::number).containsExactly(1, 2, 3, 4);
    assertThat(attempts)
        .extracting(AttemptRecord::outcome)
        .containsExactly(Outcome.FAILED, Outcome.CRASHED, Outcome.CANCELLED, Outcome.DONE);
    assertThat(attempts.getFirst())
        .isEqualTo(
            new AttemptRecord(
                1,
                Outcome.FAILED,
                running.startedAt(),
                retrying.updatedAt(),
                WORKER,
                "it did not work"));
    assertThat(attempts.get(1).startedAt()).isNull();
    assertThat(attempts.getLast().startedAt()).isEqualTo(fourth.startedAt());
    assertThat(attempts.getLast().error()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"RESCUE", "CANCEL"})
  void anAttemptThatSomebodyElseEndsNamesItsWorker(Verb verb) {
    List<Job> running =
        IntStream.range(0, 3)
            .mapToObj(_ -> saved(submitted(jobs.aQueuedJob()), Verb.START))
            .toList();
    Job unmarked = submitted(jobs.aQueuedJob());
    Job taken = submitted(jobs.aQueuedJob());
    // Marked by another between the reading and the save.
    stores.jobs().save(List.of(found(taken.id()).start(tick()).by("worker-2")));

    List<Transition> changes = new ArrayList<>();
    running.forEach(job -> changes.add(Jobs.after(job, verb, tick())));
    changes.add(Jobs.after(unmarked, verb, tick()));
    if (verb == Verb.RESCUE) {
      changes.add(Jobs.after(taken, verb, tick()));
    }
    assertThat(stores.jobs().save(changes).applied()).hasSize(changes.size());

    running.forEach(job -> assertThat(workers(job)).containsExactly(WORKER));
    assertThat(workers(unmarked)).allMatch(Objects::isNull);
    if (verb == Verb.RESCUE) {
      assertThat(workers(taken)).containsExactly("worker-2");
      Job next = saved(found(taken.id()), Verb.START);
      stores.jobs().save(List.of(Jobs.after(next, verb, tick())));
      assertThat(workers(taken)).containsExactly("worker-2", WORKER);
    }
  }

  private List<@Nullable String> workers(Job job) {
    List<@Nullable String> workers = new ArrayList<>();
    stores.jobs().attempts(job.id()).forEach(attempt -> workers.add(attempt.worker()));
    return workers;
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobThatWasNotRunningLeavesNoRecordWhenItIsCancelled(JobState state) {
    Job job = stored(jobs.aJob(), state);
    List<AttemptRecord> before = stores.jobs().attempts(job.id());

    saved(job, Verb.CANCEL);

    assertThat(stores.jobs().attempts(job.id())).isEqualTo(before);
  }

  @Test
  void aReleasedAttemptHasNotEnded() {
    saved(stored(jobs.aJob(), JobState.RUNNING), Verb.RELEASE);

    assertThat(stores.jobs().attempts(allJobs().getFirst())).isEmpty();
  }

  @Test
  void anAttemptMayHaveBeenRunByNobodyKnown() {
    Job job = submitted(jobs.aQueuedJob());
    stores.jobs().save(List.of(Jobs.after(job, Verb.RESCUE, tick())));

    assertThat(stores.jobs().attempts(job.id()))
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.worker()).isNull());
  }

  @Test
  void onlyTheLastHundredAttemptsNeedBeKnown() {
    Policy patient = new Policy(1000, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 1);
    Job job = submitted(jobs.aJob().policy(patient).queued());
    for (int i = 0; i < 105; i++) {
      job = saved(saved(job, Verb.FAIL), Verb.WAKE);
    }

    assertThat(stores.jobs().attempts(job.id()))
        .extracting(AttemptRecord::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(6, 105).boxed().toList());
  }

  @Test
  void noAttemptsAreKnownOfAnUnknownJob() {
    assertThat(stores.jobs().attempts(jobs.anId())).isEmpty();
  }
}
