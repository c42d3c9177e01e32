package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of {@link JobStoreContract} that is about jobs that get another payload. */
abstract class ReplaceContract extends UniqueContract {

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobThatWaitsIsReplaced(JobState state) {
    Job first = stored(unique().payload("1"), state);
    Job wanted = unique().payload("2").priority(1).scheduled(Duration.ofSeconds(30));

    SubmitResult answer = submitted(wanted, REPLACE);

    Job now = found(first.id());
    assertThat(answer).isEqualTo(new SubmitResult.Replaced(now));
    assertThat(allJobs()).containsExactly(first.id());
    assertThat(now.spec().payload()).isEqualTo("2");
    assertThat(now.spec().priority()).isEqualTo(1);
    assertThat(now.runAt()).isEqualTo(wanted.runAt());
    assertThat(now.attempt()).isEqualTo(first.attempt() + 1);
    assertThat(now.failures()).isZero();
    boolean waits = state == JobState.WAITING;
    assertThat(now.state()).isEqualTo(waits ? JobState.WAITING : JobState.SCHEDULED);
    List<Job> due = stores.timers().due(wanted.runAt().minusMillis(1), 10);
    assertThat(due).isEmpty();
    assertThat(ids(stores.timers().due(wanted.runAt(), 10)))
        .isEqualTo(waits ? List.of() : List.of(first.id()));
  }

  @Test
  void aReplacedJobThatIsDueIsReadyWithItsNewPayload() {
    String longText = "\"" + "x".repeat(70_000) + "\"";
    Job first = submitted(unique().payload("1").scheduled(Duration.ofSeconds(60)));

    SubmitResult answer = submitted(unique().payload(longText).queued(), REPLACE);

    Job now = found(first.id());
    assertThat(answer).isEqualTo(new SubmitResult.Replaced(now));
    assertThat(now.state()).isEqualTo(JobState.QUEUED);
    assertThat(now.spec().payload()).isEqualTo(longText);
    assertThat(stores.timers().due(jobs.now().plusSeconds(3600), 10)).isEmpty();
    submitted(unique().payload("3").queued(), REPLACE);
    assertThat(found(first.id()).spec().payload()).isEqualTo("3");
    Job done = saved(found(first.id()), Verb.SUCCEED);
    assertThat(found(first.id()).result()).isEqualTo(done.result());
  }

  @Test
  void aReplacedJobKeepsItsPlaceBehindOthersOfItsOrderingKey() {
    Job head = submitted(jobs.aJob().with(it -> it.orderingKey("o")).queued());
    Job first = unique().payload("1").with(it -> it.orderingKey("o")).queued();
    Job wanted = unique().payload("2").with(it -> it.orderingKey("o")).queued();

    List<SubmitResult> answers =
        stores.jobs().submit(List.of(submission(first, REPLACE), submission(wanted, REPLACE)));

    Job now = found(first.id());
    assertThat(now.state()).isEqualTo(JobState.WAITING);
    assertThat(now.spec().payload()).isEqualTo("2");
    assertThat(answers.getLast()).isEqualTo(new SubmitResult.Replaced(now));
    submitted(unique().payload("3").with(it -> it.orderingKey("o")).queued(), REPLACE);
    saved(head, Verb.SUCCEED);
    Job released = found(first.id());
    assertThat(released.state()).isEqualTo(JobState.QUEUED);
    assertThat(released.spec().payload()).isEqualTo("3");
    assertThat(allJobs()).containsExactlyInAnyOrder(head.id(), first.id());
  }

  @Test
  void aJobThatRunsIsNotReplaced() {
    Job first = stored(unique().payload("1"), JobState.RUNNING);

    assertThat(submitted(unique().payload("2").queued(), REPLACE))
        .isEqualTo(new SubmitResult.SlotTaken(found(first.id())));

    assertThat(found(first.id()).spec().payload()).isEqualTo("1");
  }

  @Test
  void aJobOfAnotherTypeOrQueueIsNotReplaced() {
    Job first = submitted(unique().queued());

    for (JobFixture other : List.of(unique().type("other"), unique().queue("other"))) {
      assertThat(submitted(other.queued(), REPLACE)).isEqualTo(new SubmitResult.SlotTaken(first));
    }
  }

  @Test
  void aStartMeetsAReplacedJobThatHasMovedOn() {
    Job first = submitted(unique().payload("1").queued());
    submitted(unique().payload("2").queued(), REPLACE);

    assertThat(save(first.start(tick()))).isEmpty();
    assertThat(stores.jobs().current(Set.of(first.attemptId()))).isEmpty();
  }

  @Test
  void aWakeOfTheOldTimeMeetsAJobThatHasMovedOn() {
    Job first = submitted(unique().payload("1").scheduled(Duration.ofSeconds(1)));
    Transition wake = first.wake(tick());
    OnConflict debounce =
        new OnConflict(OnConflict.Kind.DEBOUNCE, Duration.ofSeconds(30), Duration.ofSeconds(40));
    Job wanted = unique().payload("2").scheduled(Duration.ofSeconds(30));

    submitted(wanted, debounce);

    assertThat(save(wake)).isEmpty();
    Job now = found(first.id());
    assertThat(now.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(now.runAt()).isEqualTo(wanted.runAt());
  }

  @Test
  void aJobIsPutOffNoLongerThanFromItsFirstSubmitOn() {
    OnConflict debounce =
        new OnConflict(OnConflict.Kind.DEBOUNCE, Duration.ofSeconds(30), Duration.ofSeconds(40));
    Job first = unique().payload("1").scheduled(Duration.ofSeconds(30));
    assertThat(submitted(first, debounce)).isEqualTo(new SubmitResult.Accepted(first));
    Instant submitted = first.createdAt();

    submitted(
        unique().payload("2").at(submitted.plusSeconds(5)).scheduled(Duration.ofSeconds(30)),
        debounce);
    assertThat(found(first.id()).dueAt()).isEqualTo(submitted.plusSeconds(35));
    submitted(
        unique().payload("3").at(submitted.plusSeconds(20)).scheduled(Duration.ofSeconds(30)),
        debounce);
    assertThat(found(first.id()).dueAt()).isEqualTo(submitted.plusSeconds(40));
    submitted(
        unique().payload("4").at(submitted.plusSeconds(41)).scheduled(Duration.ofSeconds(30)),
        debounce);

    Job now = found(first.id());
    assertThat(now.state()).isEqualTo(JobState.QUEUED);
    assertThat(now.spec().payload()).isEqualTo("4");
    assertThat(allJobs()).containsExactly(first.id());

    Job tooLate =
        unique().payload("5").at(submitted.plusSeconds(42)).scheduled(Duration.ofSeconds(30));
    assertThat(submitted(tooLate, debounce)).isEqualTo(new SubmitResult.SlotTaken(now));
    assertThat(found(first.id())).as("it keeps its place in the queue").isEqualTo(now);
  }

  @Test
  void ofSeveralInOneCallTheLastPayloadIsTheOneThatRuns() {
    Job stored = submitted(unique(slot(2)).payload("0").queued());
    List<Submission> batch = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      batch.add(submission(unique().payload("" + i).queued(), REPLACE));
      batch.add(submission(unique(slot(2)).payload("" + i).queued(), REPLACE));
    }

    List<SubmitResult> answers = stores.jobs().submit(batch);

    JobId made = batch.getFirst().job().id();
    assertThat(answers.getFirst()).isInstanceOf(SubmitResult.Accepted.class);
    assertThat(answers.subList(1, 6)).hasOnlyElementsOfType(SubmitResult.Replaced.class);
    assertThat(allJobs()).containsExactlyInAnyOrder(stored.id(), made);
    assertThat(found(made).spec().payload()).isEqualTo("3");
    assertThat(found(stored.id()).spec().payload()).isEqualTo("3");
    assertThat(answers.getLast()).isEqualTo(new SubmitResult.Replaced(found(stored.id())));
  }

  @Test
  void manySlotsAtOnceGoToOneJobEachAndKeepALastPayload() throws InterruptedException {
    int slots = 20;
    List<Callable<List<SubmitResult>>> clients =
        IntStream.range(0, 6)
            .mapToObj(client -> (Callable<List<SubmitResult>>) () -> replaceAll(slots, client))
            .toList();

    List<SubmitResult> answers = atOnce(clients).stream().flatMap(List::stream).toList();

    assertThat(allJobs()).hasSize(slots);
    assertThat(answers.stream().filter(SubmitResult.Accepted.class::isInstance)).hasSize(slots);
    assertThat(answers.stream().filter(SubmitResult.Replaced.class::isInstance)).hasSize(5 * slots);
    for (JobId id : allJobs()) {
      assertThat(found(id).attempt()).isEqualTo(6);
    }
  }

  /** Each client in another order. */
  private List<SubmitResult> replaceAll(int slots, int client) {
    List<Submission> batch = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      int number = (client % 2 == 0 ? i : slots - 1 - i) + 1;
      batch.add(submission(unique(slot(number)).payload("" + client).queued(), REPLACE));
    }
    List<SubmitResult> answers = new ArrayList<>();
    for (int from = 0; from < slots; from += 5) {
      answers.addAll(stores.jobs().submit(batch.subList(from, from + 5)));
    }
    return answers;
  }
}
