package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.JobHandler.Result;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.run.AttemptLifecycle.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An attempt from take to record, without threads. */
class AttemptLifecycleTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration ALMOST = LEASE.minusMillis(1);

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final List<ActiveAttempt> started = new ArrayList<>();
  private final AttemptLifecycle worker = lifecycle("worker");

  @Test
  void anAttemptIsHeldUntilItsOutcomeIsRecorded() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());

    assertThat(admit(worker)).isEqualTo(new AdmissionResult(1, List.of(), false));
    assertThat(worker.running()).hasSize(1);
    Completion completion = succeeded(worker, started.getFirst());
    assertThat(worker.running()).isEmpty();
    assertThat(worker.held()).containsExactlyElementsOf(started);
    worker.complete(List.of(completion));

    assertThat(worker.held()).isEmpty();
    assertThat(world.state(job)).isEqualTo(JobState.DONE);
    assertThat(world.ended()).extracting(Job::id).containsExactly(job.id());
    assertThat(world.meter.count("ran/echo/done")).isEqualTo(1);
    clock.advance(LEASE);
    assertThat(expired()).isEmpty();
  }

  @Test
  void anAttemptEndsOnce() throws InterruptedException {
    world.readied(world.jobs.aQueuedJob());
    admit(worker);
    assertThat(succeeded(worker, started.getFirst())).isNotNull();

    assertThat(worker.end(started.getFirst(), new AttemptOutcome.Released(clock.instant())))
        .isNull();
    assertThat(world.meter.count("ran/echo/released")).isZero();
  }

  @Test
  void whatTheStoreDidNotTakeStaysHeldAndIsCompletedAgain() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    admit(worker);
    List<Completion> batch = List.of(succeeded(worker, started.getFirst()));
    world.store.down();
    assertThatThrownBy(() -> worker.complete(batch)).isInstanceOf(UnavailableException.class);
    assertThat(worker.held()).hasSize(1);

    world.store.up();
    worker.complete(batch);

    assertThat(worker.held()).isEmpty();
    assertThat(world.state(job)).isEqualTo(JobState.DONE);
  }

  @Test
  void secretsOfAJobAreInNeitherItsErrorNorItsNoteNorItsProgress() throws InterruptedException {
    String payload = "{\"headers\":{\"Authorization\":\"Bearer topsecret\"}}";
    Job job = world.readied(world.jobs.aJob().type("http").payload(payload).queued());
    admit(worker);
    ActiveAttempt attempt = started.getFirst();
    attempt.progress(1, "sent topsecret");
    assertThat(attempt.snapshot().progress().message()).isEqualTo("sent [REDACTED]");
    attempt.log("with topsecret");
    assertThat(attempt.unstoredLines(1).getFirst().text()).isEqualTo("with [REDACTED]");

    Failure failure = new Failure("got topsecret", true, "E", "at topsecret");
    worker.complete(
        List.of(worker.end(attempt, new AttemptOutcome.Failed(failure, 0, clock.instant()))));

    assertThat(world.found(job.id()).error()).isEqualTo("got [REDACTED]");
    assertThat(world.memory.attempts(job.id()).getLast().trace()).isEqualTo("at [REDACTED]");
  }

  @Test
  void aJobWhoseKeyIsMissingWaitsForItAndUsesUpNoAttempt() throws InterruptedException {
    Job job = world.readied(world.jobs.aJob().payload("enc1:k7:AAAA").queued());

    AdmissionResult admission = admit(worker);
    worker.complete(admission.ended());

    assertThat(started).isEmpty();
    assertThat(world.state(job)).isEqualTo(JobState.RETRYING);
    assertThat(world.found(job.id()).failures()).isZero();
    assertThat(world.memory.attempts(job.id()).toString()).doesNotContain("AAAA");
    assertThat(world.found(job.id()).error() + world.found(job.id()).note()).contains("key k7");
  }

  @Test
  void aJobThatHasMovedOnDoesNotStart() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    world.saved(job.cancel(clock.instant()));

    assertThat(admit(worker).held()).isZero();

    assertThat(started).isEmpty();
    clock.advance(LEASE);
    assertThat(expired()).as("forgotten by the ready queue").isEmpty();
  }

  @Test
  void aJobWhoseDeadlineHasPassedEndsUnstarted() throws InterruptedException {
    Job job = world.readied(world.jobs.aJob().deadline(clock.instant().minusSeconds(1)).queued());

    AdmissionResult admission = admit(worker);
    assertThat(started).isEmpty();
    assertThat(admission.held()).isOne();
    worker.complete(admission.ended());

    assertThat(world.state(job)).isEqualTo(JobState.EXPIRED);
    assertThat(worker.held()).isEmpty();
  }

  @Test
  void anAttemptThatLastsIsMarkedAndOneWhoseJobHasMovedOnIsStopped() throws InterruptedException {
    Job lasts = world.readied(world.jobs.aQueuedJob());
    Job cancelled = world.readied(world.jobs.aQueuedJob());
    admit(worker);
    world.saved(cancelled.cancel(clock.instant()));

    worker.mark(started);
    worker.mark(started); // in doubt whether the first was heard

    assertThat(world.state(lasts)).isEqualTo(JobState.RUNNING);
    assertThat(attempt(lasts).stopped()).isNull();
    assertThat(attempt(cancelled).stopped()).isEqualTo(ActiveAttempt.Stop.CANCELLED);
  }

  @Test
  void anAttemptWhoseJobWasCancelledIsStoppedAndOthersAreNot() throws InterruptedException {
    Job runs = world.readied(world.jobs.aQueuedJob());
    Job cancelled = world.readied(world.jobs.aQueuedJob());
    admit(worker);
    world.saved(cancelled.cancel(clock.instant()));

    worker.stopSuperseded(started);

    assertThat(attempt(cancelled).stopped()).isEqualTo(ActiveAttempt.Stop.CANCELLED);
    assertThat(attempt(runs).stopped()).isNull();
  }

  @Test
  void leasesAreRenewedUntilOneIsLost() throws InterruptedException {
    Job job = world.readied(world.jobs.aQueuedJob());
    admit(worker);
    clock.advance(ALMOST);
    worker.renew();
    clock.advance(ALMOST);
    assertThat(expired()).isEmpty();

    clock.advance(Duration.ofMillis(1));
    assertThat(expired()).hasSize(1);
    worker.renew();

    assertThat(started.getFirst().stopped()).isEqualTo(ActiveAttempt.Stop.LOST);
    worker.complete(List.of(worker.end(started.getFirst(), new AttemptOutcome.LeaseLost())));
    assertThat(world.state(job)).isEqualTo(JobState.QUEUED);
    assertThat(worker.held()).isEmpty();
    clock.advance(LEASE);
    assertThat(expired()).as("still the rescuer's").hasSize(1);
  }

  @Test
  void whatIsReleasedIsReadyAgainStartedOrNot() throws InterruptedException {
    Job begun = world.readied(world.jobs.aQueuedJob());
    admit(worker);
    Job taken = world.readied(world.jobs.aQueuedJob());

    worker.release(take("worker"));
    AttemptOutcome released = new AttemptOutcome.Released(clock.instant());
    worker.complete(List.of(worker.end(started.getFirst(), released)));

    assertThat(take("another"))
        .extracting(message -> message.attemptId())
        .containsExactlyInAnyOrder(begun.attemptId(), taken.attemptId());
    assertThat(world.found(begun.id()).failures()).isZero();
  }

  @Test
  void aJobInQuarantineStaysLeasedUntilItsTurnOrItsRelease() throws InterruptedException {
    Job tried = world.readied(crashedTwice());
    assertThat(admit(worker).held()).isZero();
    clock.advance(ALMOST);
    worker.renew();
    clock.advance(ALMOST);
    assertThat(expired()).isEmpty();

    assertThat(worker.next(_ -> true, started::add))
        .isEqualTo(new Step.Admitted(new AdmissionResult(1, List.of(), false)));
    assertThat(world.found(tried.id()).runsAlone()).isTrue();
    assertThat(worker.next(_ -> true, started::add)).isEqualTo(new Step.Wait());

    Job waits = world.readied(crashedTwice());
    admit(worker);
    worker.releaseQuarantined();
    assertThat(take("another")).containsExactly(waits);
  }

  @Test
  void aJobInQuarantineThatMayNotStartNowGoesBackUnmarked() throws InterruptedException {
    Job paused = world.readied(crashedTwice());
    admit(worker);

    assertThat(worker.next(job -> !job.equals(paused), started::add))
        .isEqualTo(new Step.Admitted(AdmissionResult.NONE));

    assertThat(started).isEmpty();
    assertThat(world.found(paused.id())).isEqualTo(paused);
    assertThat(worker.next(_ -> false, started::add)).isEqualTo(new Step.Take());
    assertThat(take("another")).containsExactly(paused);
  }

  @Test
  void severalWorkersInOneProcessHaveTheirOwnLeases() throws InterruptedException {
    AttemptLifecycle other = lifecycle("other");
    Job first = world.readied(world.jobs.aQueuedJob());
    admit(worker);
    Job second = world.readied(world.jobs.aQueuedJob());
    admit(other);

    clock.advance(ALMOST);
    worker.renew(); // the other is not heard of
    clock.advance(ALMOST);

    assertThat(expired())
        .singleElement()
        .satisfies(
            lease -> {
              assertThat(lease.attempt()).isEqualTo(second.attemptId());
              assertThat(lease.holder()).isEqualTo("other");
            });
    worker.complete(List.of(succeeded(worker, attempt(first))));
    assertThat(world.state(first)).isEqualTo(JobState.DONE);
    assertThat(other.held()).hasSize(1);
  }

  private AttemptLifecycle lifecycle(String id) {
    return new AttemptLifecycle(
        new WorkerSettings(id, Set.of(), 4, 4, 1, LEASE, CrashQuarantine::startsMarked),
        world.ready.port(),
        world.store.port(),
        world.memory.journal(),
        new Finish(world.listened, world.ready.port(), world.meter),
        clock,
        () -> clock.millis() * 1_000_000,
        () -> true,
        world.meter);
  }

  private AdmissionResult admit(AttemptLifecycle lifecycle) throws InterruptedException {
    return lifecycle.admit(take(lifecycle == worker ? "worker" : "other"), started::add);
  }

  private List<Job> take(String holder) throws InterruptedException {
    return world.readyMemory.take(
        TakeRequest.ofAllTypes(holder, Set.of(), 10, LEASE, Duration.ZERO));
  }

  private List<ExpiredLease> expired() {
    return world.readyMemory.reclaimExpired("rescuer", 10, LEASE);
  }

  private Completion succeeded(AttemptLifecycle lifecycle, ActiveAttempt attempt) {
    Completion completion =
        lifecycle.end(
            attempt, new AttemptOutcome.Succeeded(new Result("1", null), clock.instant()));
    assertThat(completion).isNotNull();
    return completion;
  }

  private ActiveAttempt attempt(Job job) {
    return started.stream().filter(each -> each.job().equals(job)).findFirst().orElseThrow();
  }

  private Job crashedTwice() {
    Job job = world.jobs.aQueuedJob();
    return job.rescue(clock.instant()).after().rescue(clock.instant()).after();
  }
}
