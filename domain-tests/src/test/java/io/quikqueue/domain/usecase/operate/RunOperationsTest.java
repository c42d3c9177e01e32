package io.quikqueue.domain.usecase.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.Operation.Action;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.move.MoveJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunOperationsTest {

  private static final Caller CALLER = Caller.anonymous("here");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SettableClock clock = new SettableClock();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final Random random = new Random(1);
  private final JobIds ids = new JobIds(clock, random::nextLong);
  private final Jobs jobs = new Jobs(clock, random::nextLong);
  private final List<Job> announced = new ArrayList<>();
  private final Flaky<JobStore> store = new Flaky<>(JobStore.class, memory);
  private final ManageOperations manage = new ManageOperations(memory.operations(), ids, clock);
  private final InMemoryReadyQueue ready = new InMemoryReadyQueue(clock);
  private long nanos;
  private final RunOperations run = another();

  private RunOperations another() {
    JobStore listened =
        new ListenedJobStore(store.port(), JobListener.announcing(announced::addAll));
    return new RunOperations(
        memory.operations(),
        listened,
        memory.dead(),
        clock,
        () -> nanos,
        UnaryOperator.identity(),
        new MoveJobs(listened, ready, clock, UnaryOperator.identity(), "here"));
  }

  @Test
  void cancelsWhatMatchesAndIsNotOver() {
    List<Job> mine = submitted("mine", 450);
    List<Job> others = submitted("other", 5);
    change(mine.get(3).succeed(null, null, clock.instant()));
    change(mine.get(4).start(clock.instant()));
    Operation operation = begin(Action.CANCEL, queue("mine"), null);

    runToEnd();

    assertCounts(operation, 450, 449, 1, 0);
    assertThat(states(mine)).containsOnly(JobState.CANCELLED, JobState.DONE);
    assertThat(states(others)).containsOnly(JobState.QUEUED);
    assertThat(now(operation).state()).isEqualTo(OperationState.DONE);
    assertThat(now(operation).cursor()).isNull();
    assertThat(now(operation).endedAt()).isNotNull();
  }

  @Test
  void retriesWhatFailedAndAnnouncesItWhole() {
    List<Job> failed = failed("mine", 60);
    later();
    Operation operation = begin(Action.RETRY, state(JobState.FAILED), null);

    runToEnd();

    assertCounts(operation, 60, 60, 0, 0);
    assertThat(states(failed)).containsOnly(JobState.QUEUED);
    assertThat(announced).hasSize(60).allMatch(job -> job.attempt() == 2);
    assertThat(announced.getFirst().spec().payload()).isEqualTo(failed.getFirst().spec().payload());
  }

  @Test
  void discardsWhatIsOver() {
    List<Job> mine = submitted("mine", 3);
    change(mine.getFirst().cancel(clock.instant()));
    later();
    Operation operation = begin(Action.DISCARD, queue("mine"), null);

    runToEnd();

    assertCounts(operation, 3, 1, 2, 0);
    assertThat(memory.find(List.of(mine.getFirst().id()))).isEmpty();
  }

  @Test
  void movesWhatWaitsAndLeavesAloneWhatRuns() throws InterruptedException {
    List<Job> mine = submitted("mine", 60);
    change(mine.get(3).succeed(null, null, clock.instant()));
    change(mine.get(4).start(clock.instant()));
    ready.push(List.of(mine.get(5)));
    assertThat(ready.take(TakeRequest.ofAllTypes("w", List.of("mine"), 1, SECOND, Duration.ZERO)))
        .hasSize(1);
    Operation operation =
        manage.begin(CALLER, Action.MOVE, new Move(null, "other"), queue("mine"), false, null);

    runToEnd();

    assertCounts(operation, 60, 57, 3, 0);
    assertThat(announced).hasSize(57).allMatch(job -> job.spec().queue().equals("other"));
    assertThat(memory.find(List.of(mine.get(5).id())).values())
        .allMatch(job -> job.spec().queue().equals("mine"));
  }

  @Test
  void aPriorityIsSetOnce() {
    List<Job> mine = submitted("mine", 30);
    for (int i = 0; i < 2; i++) {
      manage.begin(CALLER, Action.SET_PRIORITY, new Move(0, null), queue("mine"), false, null);
      runToEnd();
    }

    assertThat(memory.find(mine.stream().map(Job::id).toList()).values())
        .hasSize(30)
        .allMatch(job -> job.spec().priority() == 0 && job.attempt() == 2);
    assertThat(manage.list(CALLER, null, 2))
        .extracting(Operation::changed)
        .containsExactly(0L, 30L);
  }

  @Test
  void leavesAloneWhatIsSubmittedAfterItBegan() {
    submitted("mine", 3);
    Operation operation = begin(Action.CANCEL, queue("mine"), null);
    List<Job> after = submitted("mine", 3);
    later();
    List<Job> muchLater = submitted("mine", 3);

    runToEnd();

    assertCounts(operation, 3, 3, 0, 0);
    assertThat(states(after)).containsOnly(JobState.QUEUED);
    assertThat(states(muchLater)).containsOnly(JobState.QUEUED);
  }

  @Test
  void whatFailsAgainAfterItWasRetriedIsNotRetriedTwice() {
    List<Job> failed = failed("mine", 10);
    later();
    Operation operation = begin(Action.RETRY, state(JobState.FAILED), null);
    store.afterNext(
        "save",
        () -> {
          throw new UnavailableException("store", "killed after the commit");
        });
    assertThatThrownBy(another()::run).isInstanceOf(UnavailableException.class);
    memory.find(failed.stream().map(Job::id).toList()).values().stream()
        .filter(job -> job.state() == JobState.QUEUED)
        .forEach(job -> change(job.fail(new Failure("again", true), 0, clock.instant())));

    runToEnd();

    assertThat(memory.find(failed.stream().map(Job::id).toList()).values())
        .allMatch(job -> job.attempt() == 2);
    assertThat(now(operation).seen()).isEqualTo(10);
    assertThat(now(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void twoThatBothBelieveTheyLeadCountEachJobOnce() {
    submitted("mine", 500);
    Operation operation = begin(Action.CANCEL, queue("mine"), null);
    store.afterNext("save", run::run);

    another().run();
    runToEnd();

    Operation now = now(operation);
    assertThat(now.seen()).isEqualTo(500);
    assertThat(now.changed() + now.skipped()).isEqualTo(500);
    assertThat(memory.list(queue("mine").page(operation.id(), 500)).jobs())
        .allMatch(job -> job.state() == JobState.CANCELLED);
  }

  @Test
  void aJobThatMovesOnWhileItIsChangedIsLookedAtAgain() {
    List<Job> mine = submitted("mine", 2);
    Operation operation = begin(Action.CANCEL, queue("mine"), null);
    store.beforeNext(
        "save",
        () ->
            mine.forEach(
                job -> change(job.fail(new Failure("meanwhile", false), 0, clock.instant()))));

    runToEnd();

    assertCounts(operation, 2, 2, 0, 0);
    assertThat(states(mine)).containsOnly(JobState.CANCELLED);
  }

  @Test
  void aJobThatDoesNotMatchAnyMoreIsLeftAlone() {
    List<Job> mine = submitted("mine", 2);
    Operation operation = begin(Action.CANCEL, state(JobState.QUEUED), null);
    store.beforeNext("find", () -> change(mine.getFirst().start(clock.instant())));

    runToEnd();

    assertCounts(operation, 2, 1, 1, 0);
    assertThat(states(mine.subList(0, 1))).containsExactly(JobState.RUNNING);
  }

  @Test
  void aJobThatEndedAnewIsNotDiscarded() {
    Job job = failed("mine", 1).getFirst();
    later();
    Operation operation = begin(Action.DISCARD, state(JobState.FAILED), null);
    store.beforeNext(
        "deleteEnded",
        () -> {
          later();
          Job failed = memory.find(List.of(job.id())).get(job.id());
          change(failed.retry(clock.instant()));
          Job again = memory.find(List.of(job.id())).get(job.id());
          change(again.cancel(clock.instant()));
        });

    runToEnd();

    assertCounts(operation, 1, 0, 1, 0);
    assertThat(states(List.of(job))).containsExactly(JobState.CANCELLED);
  }

  @Test
  void aDryRunCountsAndChangesNothing() {
    List<Job> mine = submitted("mine", 300);
    change(mine.getFirst().succeed(null, null, clock.instant()));
    Operation operation = manage.begin(CALLER, Action.CANCEL, null, queue("mine"), true, 1);

    runToEnd();

    assertCounts(operation, 300, 299, 1, 0);
    assertThat(states(mine)).containsOnly(JobState.QUEUED, JobState.DONE);
  }

  @Test
  void aRateIsNotExceeded() {
    submitted("mine", 50);
    Operation operation = begin(Action.CANCEL, queue("mine"), 10);
    for (int second = 1; second <= 3; second++) {
      assertThat(run.run()).isEqualTo(SECOND);
      assertThat(now(operation).changed()).isEqualTo(10L * second);
      nanos += SECOND.toNanos() / 2;
      assertThat(run.run()).isEqualTo(SECOND.dividedBy(2));
      assertThat(now(operation).changed()).isEqualTo(10L * second);
      nanos += SECOND.toNanos() / 2;
    }
  }

  @Test
  void aRateAboveAPageIsNotExceededEither() {
    submitted("mine", 500);
    begin(Action.CANCEL, queue("mine"), 400);

    assertThat(run.run()).isEqualTo(SECOND.dividedBy(2));
  }

  @Test
  void severalTakeTurns() {
    submitted("a", 500);
    submitted("b", 500);
    Operation first = begin(Action.CANCEL, queue("a"), null);
    Operation second = begin(Action.CANCEL, queue("b"), null);

    run.run();

    assertThat(now(first).changed()).isEqualTo(200);
    assertThat(now(second).changed()).isEqualTo(200);
  }

  @Test
  void isPausedResumedAndAborted() {
    submitted("mine", 500);
    Operation operation = begin(Action.CANCEL, queue("mine"), null);
    run.run();
    assertThat(manage.pause(CALLER, operation.id()))
        .isEqualTo(new ManageOperations.Moved.Done(now(operation)));
    run.run();
    assertThat(now(operation).changed()).isEqualTo(200);

    manage.resume(CALLER, operation.id());
    run.run();
    assertThat(now(operation).changed()).isEqualTo(400);

    manage.abort(CALLER, operation.id());
    run.run();
    assertThat(now(operation).changed()).isEqualTo(400);
    assertThat(manage.abort(CALLER, operation.id()))
        .isInstanceOf(ManageOperations.Moved.Done.class);
    assertThat(manage.resume(CALLER, operation.id()))
        .isEqualTo(new ManageOperations.Moved.Over(now(operation)));
    assertThat(manage.pause(CALLER, ids.next())).isEqualTo(new ManageOperations.Moved.Unknown());
  }

  @Test
  void oneThatWasPausedInItsLastStepEndsWhenItIsResumed() {
    submitted("mine", 5);
    Operation operation = begin(Action.CANCEL, queue("mine"), null);
    store.afterNext("save", () -> manage.pause(CALLER, operation.id()));
    run.run();
    assertThat(now(operation).state()).isEqualTo(OperationState.PAUSED);
    assertThat(now(operation).changed()).isEqualTo(5);

    manage.resume(CALLER, operation.id());
    runToEnd();

    assertCounts(operation, 5, 5, 0, 0);
    assertThat(now(operation).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  void theJobsOfADeadGroupAreRetried() {
    List<Job> failed = failed("mine", 5);
    change(submitted("mine", 1).getFirst().fail(new Failure("other", true), 0, clock.instant()));
    later();
    String group =
        memory.dead().groups(new DeadGroupQuery(null, null, null, null, 10)).groups().stream()
            .filter(each -> each.count() == 5)
            .findFirst()
            .orElseThrow()
            .id();
    Operation operation =
        begin(Action.RETRY, new JobFilter(null, null, null, Map.of(), group), null);

    runToEnd();

    assertCounts(operation, 5, 5, 0, 0);
    assertThat(states(failed)).containsOnly(JobState.QUEUED);
  }

  @Test
  void whatCannotBeIsRefused() {
    refused("filter", new JobFilter(null, null, null, Map.of(), null), null);
    refused("rate", queue("mine"), 0);
    refused("rate", queue("mine"), ManageOperations.MAX_RATE + 1);
    for (int i = 0; i < Operations.MOST; i++) {
      begin(Action.CANCEL, queue("mine"), 1);
    }
    refused("action", queue("mine"), null);
    manage.abort(CALLER, manage.list(CALLER, null, 1).getFirst().id());
    begin(Action.CANCEL, queue("mine"), ManageOperations.MAX_RATE);
  }

  private void refused(String field, JobFilter filter, @Nullable Integer rate) {
    assertThatThrownBy(() -> begin(Action.CANCEL, filter, rate))
        .isInstanceOfSatisfying(
            InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo(field));
  }

  private Operation begin(Action action, JobFilter filter, @Nullable Integer rate) {
    return manage.begin(CALLER, action, null, filter, false, rate);
  }

  private void runToEnd() {
    for (int i = 0; i < 100 && !memory.operations().underWay().isEmpty(); i++) {
      run.run();
    }
    assertThat(memory.operations().underWay()).isEmpty();
  }

  private void assertCounts(Operation of, long seen, long changed, long skipped, long failed) {
    Operation now = now(of);
    assertThat(List.of(now.seen(), now.changed(), now.skipped(), now.failed()))
        .containsExactly(seen, changed, skipped, failed);
  }

  private Operation now(Operation operation) {
    return manage.find(CALLER, operation.id()).orElseThrow();
  }

  private static JobFilter queue(String queue) {
    return new JobFilter(null, queue, null, Map.of(), null);
  }

  private static JobFilter state(JobState state) {
    return new JobFilter(state, null, null, Map.of(), null);
  }

  private List<Job> submitted(String queue, int count) {
    List<Job> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Job job =
          Job.submit(ids.next(), jobs.aJob().queue(queue).spec(), null, false, clock.instant())
              .job();
      memory.submit(List.of(new Submission(job, null)));
      made.add(job);
    }
    return made;
  }

  private List<Job> failed(String queue, int count) {
    List<Job> made = submitted(queue, count);
    made.forEach(job -> change(job.fail(new Failure("boom", true), 0, clock.instant())));
    return made;
  }

  private void change(Transition transition) {
    assertThat(memory.save(List.of(transition)).applied()).hasSize(1);
  }

  private void later() {
    clock.advance(SECOND);
  }

  private List<JobState> states(List<Job> of) {
    return List.copyOf(memory.states(of.stream().map(Job::id).toList()).values());
  }
}
