package io.quikqueue.domain.usecase.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.AttemptRecord.Outcome;
import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.lease.LeaseAnswer.Held;
import io.quikqueue.domain.usecase.lease.LeaseAnswer.Over;
import io.quikqueue.domain.usecase.lease.LeaseAnswer.Reason;
import io.quikqueue.domain.usecase.lease.LeaseAnswer.Recorded;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.list.ListWorkers;
import io.quikqueue.domain.usecase.pause.PauseJobs;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.rescue.ReclaimExpiredLeases;
import io.quikqueue.domain.usecase.rescue.RecordCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leases of one worker, requests of which may reach one process or the other. */
class LeasesTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int MAX_RESULT = 3_000;
  private static final int MAX_LEASES = 50;

  private final SettableClock clock = new SettableClock();
  private final World world = new World(clock);
  private final Flaky<Workers> workers = new Flaky<>(Workers.class, world.memory);
  private final AtomicLong nanos = new AtomicLong();
  private final List<OfferedTypes> offered = new ArrayList<>();
  private final Leases here = leases("here");
  private final Leases there = leases("there");

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @Test
  void aJobThatIsLeasedIsRunningInTheStoreAndNobodyElseGetsIt() {
    Job job = world.readied(world.jobs.aQueuedJob());

    Lease lease = leased(here, "w");

    assertThat(lease.job().id()).isEqualTo(job.id());
    assertThat(lease.job().spec().payload()).isEqualTo(job.spec().payload());
    assertThat(lease.expiresAt()).isEqualTo(clock.instant().plus(LEASE));
    assertThat(world.state(job)).isEqualTo(JobState.RUNNING);
    assertThat(here.lease(CALLER, request("w", 10))).isEmpty();
    assertThat(there.lease(CALLER, request("other", 10))).isEmpty();
  }

  @Test
  void noMoreAreLeasedThanAreAskedForAndOnlyOfTheQueueAndTypes() {
    world.readied(world.jobs.aJob().queue("mail").queued());
    world.jobs.queuedJobs(5).forEach(world::readied);

    assertThat(here.lease(CALLER, request("w", 3))).hasSize(3);
    assertThat(here.lease(CALLER, new LeaseRequest("default", "w", Set.of("none"), 9, LEASE)))
        .isEmpty();
    assertThat(here.lease(CALLER, request("w", 9)))
        .hasSize(2)
        .allMatch(lease -> lease.job().spec().queue().equals("default"));
  }

  @Test
  void oneWorkerHoldsOnlySoManyJobs() {
    world.jobs.queuedJobs(MAX_LEASES + 10).forEach(world::readied);
    List<Lease> first = here.lease(CALLER, request("w", MAX_LEASES - 1));

    assertThat(here.lease(CALLER, request("w", 5))).hasSize(1);
    assertThatThrownBy(() -> here.lease(CALLER, request("w", 1)))
        .isInstanceOf(TooManyLeasesException.class);
    assertThat(here.lease(CALLER, request("other", 1))).hasSize(1);

    report(here, new LeaseReport.Complete(first.get(0).id(), "1", null));
    report(here, new LeaseReport.Release(first.get(1).id()));
    assertThat(here.lease(CALLER, request("w", 5))).hasSize(2);
  }

  @Test
  void whatIsPausedIsNotLeased() {
    here.lease(CALLER, request("w", 1, "mail"));
    Job paused = world.readied(world.jobs.aJob().type("mail").queued());
    PauseJobs pause = new PauseJobs(world.memory, clock);
    pause.pause(CALLER, PauseKey.type("mail"), null);
    clock.advance(Duration.ofSeconds(1));

    assertThat(here.lease(CALLER, request("w", 1, "mail"))).isEmpty();
    assertThat(here.lease(CALLER, request("all", 9)))
        .extracting(lease -> lease.job().id())
        .doesNotContain(paused.id());
    assertThat(world.state(paused)).isEqualTo(JobState.QUEUED);

    pause.resume(CALLER, PauseKey.type("mail"));
    pause.pause(CALLER, PauseKey.queue("default"), null);
    clock.advance(Duration.ofSeconds(1));
    assertThat(here.lease(CALLER, request("w", 1, "mail"))).isEmpty();
    pause.resume(CALLER, PauseKey.queue("default"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(here.lease(CALLER, request("w", 1))).hasSize(1);
  }

  @Test
  void whatAWorkerCompletesIsDone() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "w").id();

    assertThat(report(here, new LeaseReport.Complete(id, "{\"n\":1}", "fine")))
        .isEqualTo(new Recorded(JobState.DONE));

    Job done = world.found(job.id());
    assertThat(done.result()).isEqualTo("{\"n\":1}");
    assertThat(done.note()).isEqualTo("fine");
    assertThat(world.ended()).extracting(Job::id).containsExactly(job.id());
    assertThat(attempt(job).worker()).isEqualTo("pull:w");
    clock.advance(LEASE);
    reclaim();
    assertThat(world.state(job)).isEqualTo(JobState.DONE);
  }

  @Test
  void whatFailsIsTriedAgainAndItsErrorIsKept() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "w").id();
    Failure failure = new Failure("no luck", false, "ValueError", "line 1\nline 2");

    assertThat(report(here, new LeaseReport.Fail(id, failure)))
        .isEqualTo(new Recorded(JobState.RETRYING));

    AttemptRecord attempt = attempt(job);
    assertThat(attempt.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(attempt.error()).isEqualTo("no luck");
    assertThat(attempt.errorClass()).isEqualTo("ValueError");
    assertThat(attempt.trace()).isEqualTo("line 1\nline 2");
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "w").id();

    assertThat(report(here, new LeaseReport.Fail(id, new Failure("never", true))))
        .isEqualTo(new Recorded(JobState.FAILED));
    assertThat(world.state(job)).isEqualTo(JobState.FAILED);
  }

  @Test
  void whatIsReleasedIsForAnyWorkerAndUsesUpNoAttempt() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "w").id();

    assertThat(report(here, new LeaseReport.Release(id))).isEqualTo(new Recorded(JobState.QUEUED));

    LeaseId next = leased(there, "other").id();
    assertThat(next.attempt()).isEqualTo(job.attemptId());
    for (Leases process : List.of(here, there)) {
      assertThat(report(process, new LeaseReport.Heartbeat(id))).isEqualTo(new Over(Reason.LOST));
      assertThat(report(process, new LeaseReport.Complete(id, "1", null)))
          .isEqualTo(new Over(Reason.LOST));
    }
    assertThat(report(there, new LeaseReport.Complete(next, "2", null)))
        .isEqualTo(new Recorded(JobState.DONE));
  }

  @Test
  void aHeartbeatKeepsTheLeaseWhicheverProcessHearsIt() {
    Job job = world.readied(world.jobs.aJob().policy(timeout(Duration.ofHours(1))).queued());
    LeaseId id = leased(here, "w").id();
    for (Leases process : List.of(there, here, there, leases("new"))) {
      clock.advance(LEASE.minusSeconds(1));
      assertThat(report(process, new LeaseReport.Heartbeat(id)))
          .isEqualTo(new Held(clock.instant().plus(LEASE)));
      reclaim();
    }

    assertThat(world.found(job.id()).attempt()).isOne();
    assertThat(report(there, new LeaseReport.Complete(id, "1", null)))
        .isEqualTo(new Recorded(JobState.DONE));
  }

  @Test
  void aHeartbeatKeepsNoOtherLease() {
    Job one = world.readied(world.jobs.aQueuedJob());
    Job forgotten = world.readied(world.jobs.aQueuedJob());
    List<Lease> leases = here.lease(CALLER, request("w", 2));
    clock.advance(LEASE.minusSeconds(1));
    report(here, new LeaseReport.Heartbeat(leases.getFirst().id()));
    clock.advance(Duration.ofSeconds(2));
    reclaim();

    assertThat(world.found(one.id()).attempt()).isOne();
    assertThat(world.found(forgotten.id()).attempt()).isEqualTo(2);
  }

  @Test
  void aWorkerThatFallsSilentLosesItsJobToAnother() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "silent").id();
    clock.advance(LEASE);
    reclaim();
    world.pushed(world.found(job.id()));

    LeaseId next = leased(there, "other").id();

    assertThat(next.attempt().number()).isEqualTo(2);
    assertThat(world.found(job.id()).crashes()).isOne();
    assertThat(attempt(job).outcome()).isEqualTo(Outcome.CRASHED);
    assertThat(attempt(job).worker()).isEqualTo("pull:silent");
    assertThat(report(here, new LeaseReport.Complete(id, "1", null)))
        .isEqualTo(new Over(Reason.LOST));
    assertThat(report(there, new LeaseReport.Complete(next, "2", null)))
        .isEqualTo(new Recorded(JobState.DONE));
    assertThat(world.found(job.id()).result()).isEqualTo("2");
  }

  @Test
  void aLeaseIsHonouredForTheWorkerThatHoldsItAlone() {
    world.readied(world.jobs.aQueuedJob());
    LeaseId held = leased(here, "w").id();
    Job waiting = world.readied(world.jobs.aQueuedJob());
    for (Leases process : List.of(here, there)) {
      LeaseId stolen = new LeaseId(held.attempt(), LEASE, "thief");
      LeaseId forged = new LeaseId(waiting.attemptId(), LEASE, "thief");
      for (LeaseId id : List.of(stolen, forged)) {
        assertThat(report(process, new LeaseReport.Heartbeat(id))).isEqualTo(new Over(Reason.LOST));
        assertThat(report(process, new LeaseReport.Complete(id, "1", null)))
            .isEqualTo(new Over(Reason.LOST));
        assertThat(report(process, new LeaseReport.Release(id))).isEqualTo(new Over(Reason.LOST));
      }
    }
    assertThat(report(here, new LeaseReport.Heartbeat(held))).isInstanceOf(Held.class);
    assertThat(leased(there, "other").job().id()).isEqualTo(waiting.id());
  }

  @Test
  void aJobThatIsCancelledIsToldOfAndNeverDone() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "w").id();
    Job running = world.found(job.id());
    world.saved(running.cancel(clock.instant()));

    for (Leases process : List.of(here, there)) {
      assertThat(report(process, new LeaseReport.Heartbeat(id)))
          .isEqualTo(new Over(Reason.CANCELLED));
      assertThat(report(process, new LeaseReport.Complete(id, "1", null)))
          .isEqualTo(new Over(Reason.CANCELLED));
    }
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aReportThatIsRepeatedIsAnsweredAsTheFirst() {
    Job done = world.readied(world.jobs.aQueuedJob());
    LeaseReport complete = new LeaseReport.Complete(leased(here, "w").id(), "1", null);
    Job failed = world.readied(world.jobs.aQueuedJob());
    LeaseReport fail = new LeaseReport.Fail(leased(here, "w").id(), new Failure("no", false));

    for (Leases process : List.of(here, here, there)) {
      assertThat(report(process, complete)).isEqualTo(new Recorded(JobState.DONE));
      assertThat(report(process, fail)).isEqualTo(new Recorded(JobState.RETRYING));
    }
    assertThat(world.memory.attempts(done.id())).hasSize(1);
    assertThat(world.memory.attempts(failed.id())).hasSize(1);
  }

  @Test
  void aReportThatIsRepeatedWhileTheFirstIsBeingRecordedIsAnsweredAsIt() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseReport complete = new LeaseReport.Complete(leased(here, "w").id(), "1", null);
    LeaseReport beat = new LeaseReport.Heartbeat(complete.lease());
    CompletableFuture<LeaseAnswer> repeated = new CompletableFuture<>();
    world.store.beforeNext(
        "save",
        () -> {
          Thread second =
              Thread.ofPlatform()
                  .start(() -> repeated.completeAsync(() -> report(here, complete), Runnable::run));
          await().until(() -> second.getState() == Thread.State.TIMED_WAITING || repeated.isDone());
          assertThat(report(here, beat)).isEqualTo(new Over(Reason.LOST));
        });

    assertThat(report(here, complete)).isEqualTo(new Recorded(JobState.DONE));
    assertThat(repeated.join()).isEqualTo(new Recorded(JobState.DONE));
    assertThat(world.memory.attempts(job.id())).hasSize(1);
  }

  @Test
  void aReportThatIsRepeatedIsRecordedWhenTheFirstCouldNotBe() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseReport fail = new LeaseReport.Fail(leased(here, "w").id(), new Failure("no luck", true));
    CompletableFuture<LeaseAnswer> repeated = new CompletableFuture<>();
    world.store.beforeNext(
        "save",
        () -> {
          Thread second =
              Thread.ofPlatform()
                  .start(() -> repeated.completeAsync(() -> report(here, fail), Runnable::run));
          await().until(() -> second.getState() == Thread.State.TIMED_WAITING || repeated.isDone());
          throw new UnavailableException("store", "away for a moment");
        });

    assertThatThrownBy(() -> report(here, fail)).isInstanceOf(UnavailableException.class);
    assertThat(repeated.join()).isEqualTo(new Recorded(JobState.FAILED));
    assertThat(world.state(job)).isEqualTo(JobState.FAILED);
  }

  @Test
  void timesAreToldInMicroseconds() {
    world.readied(world.jobs.aJob().policy(timeout(Duration.ofHours(1))).queued());
    LeaseId id = leased(here, "w").id();
    nanos.set(1_234);

    assertThat(report(here, new LeaseReport.Progress(id, 1, null)))
        .isEqualTo(new Held(clock.instant().plus(LEASE).minusNanos(2_000)));
  }

  @Test
  void anAttemptThatTakesTooLongHasFailedAlthoughItsWorkerLives() {
    Duration timeout = Duration.ofSeconds(20);
    Job beating = world.readied(world.jobs.aJob().policy(timeout(timeout)).queued());
    LeaseId id = leased(here, "w").id();
    Job silent = world.readied(world.jobs.aJob().policy(timeout(timeout)).queued());
    leased(here, "w");
    clock.advance(timeout);

    assertThat(report(there, new LeaseReport.Heartbeat(id))).isEqualTo(new Over(Reason.LOST));
    here.supervise();

    for (Job job : List.of(beating, silent)) {
      assertThat(world.state(job)).isEqualTo(JobState.RETRYING);
      assertThat(attempt(job).error()).isEqualTo("timed out after 20000 ms");
      assertThat(attempt(job).worker()).isEqualTo("pull:w");
    }
    assertThat(report(here, new LeaseReport.Complete(id, "1", null)))
        .isEqualTo(new Over(Reason.LOST));
  }

  @Test
  void manyReportsAreAnsweredOneByOne() {
    List<Job> jobs = world.jobs.queuedJobs(4);
    jobs.forEach(world::readied);
    List<LeaseId> ids = here.lease(CALLER, request("w", 4)).stream().map(Lease::id).toList();
    LeaseId unknown = new LeaseId(world.jobs.aQueuedJob().attemptId(), LEASE, "other");

    assertThat(
            there.report(
                CALLER,
                List.of(
                    new LeaseReport.Complete(ids.get(0), "1", null),
                    new LeaseReport.Fail(ids.get(1), new Failure("no", true)),
                    new LeaseReport.Complete(unknown, "1", null),
                    new LeaseReport.Release(ids.get(2)),
                    new LeaseReport.Heartbeat(ids.get(3)),
                    new LeaseReport.Progress(ids.get(3), 40, "4 of 10"),
                    new LeaseReport.Release(ids.get(0)))))
        .containsExactly(
            new Recorded(JobState.DONE),
            new Recorded(JobState.FAILED),
            new LeaseAnswer.Unknown(),
            new Recorded(JobState.QUEUED),
            new Held(clock.instant().plus(LEASE)),
            new Held(clock.instant().plus(LEASE)),
            new Over(Reason.LOST));
  }

  @Test
  void whatCannotBeRecordedNowIsReportedAgain() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseReport complete = new LeaseReport.Complete(leased(here, "w").id(), "1", null);
    world.store.down();
    assertThatThrownBy(() -> report(here, complete)).isInstanceOf(UnavailableException.class);

    world.store.up();

    assertThat(report(here, complete)).isEqualTo(new Recorded(JobState.DONE));
    assertThat(world.state(job)).isEqualTo(JobState.DONE);
  }

  @Test
  void nothingIsTakenWhileTheStoreIsAway() {
    world.readied(world.jobs.aQueuedJob());
    here.lease(CALLER, request("w", 1, "none"));
    world.store.down();
    assertThatThrownBy(() -> here.lease(CALLER, request("w", 1, "none", "echo")))
        .isInstanceOf(UnavailableException.class);

    world.store.up();

    assertThat(leased(there, "other").id().attempt().number()).isOne();
  }

  @Test
  void aResultIsBoundedAsThatOfAHandler() {
    Job job = world.readied(world.jobs.aQueuedJob());
    LeaseId id = leased(here, "w").id();
    String most = '"' + "x".repeat(MAX_RESULT - 2) + '"';
    String wide = '"' + "€".repeat(MAX_RESULT / 3) + '"';

    assertThatThrownBy(() -> report(here, new LeaseReport.Complete(id, wide, null)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("result: has 3002 bytes");
    assertThat(world.state(job)).isEqualTo(JobState.RUNNING);
    assertThat(report(here, new LeaseReport.Complete(id, most, null)))
        .isEqualTo(new Recorded(JobState.DONE));
  }

  @Test
  void workersAreShownWithWhatTheyAskForAndRunWhicheverProcessServesThem() {
    world.jobs.queuedJobs(3).forEach(world::readied);
    List<Lease> leases = here.lease(CALLER, request("w", 2, "echo"));
    there.lease(CALLER, request("w", 5, "echo", "resize"));
    for (Leases process : List.of(here, there)) {
      report(process, new LeaseReport.Progress(leases.getFirst().id(), 40, "half"));
      clock.advance(Duration.ofSeconds(1));
      process.supervise();
    }

    WorkerInfo worker = only(new ListWorkers(world.memory, Duration.ofSeconds(20)).live(CALLER));

    assertThat(worker.id()).isEqualTo("pull:w");
    assertThat(worker.host()).isEqualTo("192.0.2.1");
    assertThat(worker.slots()).isEqualTo(5);
    assertThat(worker.types()).containsExactlyInAnyOrder("echo", "resize");
    assertThat(worker.queues()).containsExactly("default");
    assertThat(worker.busy()).isEqualTo(3);
    assertThat(worker.running()).hasSize(3);
    assertThat(worker.running())
        .filteredOn(each -> each.attempt().equals(leases.getFirst().id().attempt()))
        .singleElement()
        .satisfies(each -> assertThat(each.progress()).isNotNull());
  }

  @Test
  void theStoreIsToldOfManyWorkersAtOnce() {
    for (int i = 0; i < 150; i++) {
      here.lease(CALLER, request("w" + i, 1));
    }
    int before = workers.calls("heartbeats");
    clock.advance(Duration.ofSeconds(1));
    here.supervise();

    assertThat(workers.calls("heartbeats") - before).isEqualTo(2);
    clock.advance(Duration.ofSeconds(1));
    here.supervise();
    assertThat(workers.calls("heartbeats") - before).as("nothing is new").isEqualTo(2);
    clock.advance(Duration.ofSeconds(5));
    here.supervise();
    assertThat(workers.calls("heartbeats") - before).isEqualTo(4);
    assertThat(world.memory.live(Duration.ofSeconds(1))).hasSize(150);
  }

  @Test
  void theTypesThatAWorkerTakesAreKnownBeforeItWaitsAndUntilItIsGone() {
    here.lease(CALLER, request("w", 1, "resize"));

    assertThat(world.memory.types()).contains("resize");
    here.supervise();
    assertThat(offered).containsExactly(new OfferedTypes(Set.of("resize"), false));
    clock.advance(Duration.ofSeconds(21));
    here.supervise();
    assertThat(offered).last().isEqualTo(OfferedTypes.NONE);
    assertThat(world.memory.live(LEASE)).isEmpty();
  }

  @Test
  void aWorkerThatHoldsALeaseIsNotGone() {
    world.readied(world.jobs.aJob().policy(timeout(Duration.ofHours(1))).queued());
    here.lease(CALLER, new LeaseRequest("default", "w", Set.of(), 1, Duration.ofMinutes(10)));
    clock.advance(Duration.ofMinutes(9));
    here.supervise();

    assertThat(offered).last().isEqualTo(new OfferedTypes(Set.of(), true));

    clock.advance(Duration.ofMinutes(2));
    here.supervise();
    assertThat(offered).last().isEqualTo(OfferedTypes.NONE);
  }

  @Test
  void oneAddressHasRoomForSoManyWorkersAndLeavesRoomForOthers() {
    for (int i = 0; i < 200; i++) {
      here.lease(CALLER, request("w" + i, 1));
    }
    assertThatThrownBy(() -> here.lease(CALLER, request("one-more", 1)))
        .isInstanceOf(OverloadedException.class);

    here.lease(CALLER, request("w7", 1));
    here.lease(Caller.anonymous("192.0.2.2"), request("one-more", 1));
  }

  @Test
  void onlySoManyTypesCanBeMadeKnown() {
    for (int batch = 0; batch < 10; batch++) {
      here.lease(CALLER, request("w" + batch, 1, types(100 * batch, 100)));
    }

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> here.lease(CALLER, request("w0", 1, "another")))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageStartingWith("types: there are 1000 types");
    }
    here.lease(CALLER, request("w9", 1, "t5"));

    clock.advance(Duration.ofHours(13));
    here.supervise(); // all fell silent
    for (int batch = 0; batch < 5; batch++) {
      here.lease(CALLER, request("w" + batch, 1, types(100 * batch, 100)));
    }
    clock.advance(Duration.ofHours(12));
    here.lease(CALLER, request("w0", 1, "another"));

    assertThat(world.memory.types())
        .hasSize(501)
        .contains("another", "t499")
        .doesNotContain("t500");
  }

  @Test
  void oneWorkerTakesOnlySoManyTypesAndQueues() {
    here.lease(CALLER, request("w", 1, types(0, 100)));
    here.lease(CALLER, request("w", 1, types(100, 100)));
    assertThatThrownBy(() -> here.lease(CALLER, request("w", 1, types(0, 1)[0] + "x")))
        .hasMessageStartingWith("types: a worker takes 200 types");
    for (int i = 1; i < 100; i++) {
      here.lease(CALLER, new LeaseRequest("q" + i, "w", Set.of("t1"), 1, LEASE));
    }
    assertThatThrownBy(
            () -> here.lease(CALLER, new LeaseRequest("q100", "w", Set.of("t1"), 1, LEASE)))
        .hasMessageStartingWith("queue: a worker takes from 100 queues");
  }

  @Test
  void whatCouldNotBeToldOfAWorkerIsToldWithItsNextRequest() {
    world.store.down();
    workers.down();
    assertThatThrownBy(() -> here.lease(CALLER, request("w", 1, "resize")))
        .isInstanceOf(UnavailableException.class);

    world.store.up();
    workers.up();
    here.lease(CALLER, request("w", 1, "resize"));

    assertThat(world.memory.types()).contains("resize");
  }

  private static String[] types(int from, int count) {
    return java.util.stream.IntStream.range(from, from + count)
        .mapToObj(i -> "t" + i)
        .toArray(String[]::new);
  }

  @Test
  void aWaitIsOverWhenAJobComesAndNotForAnotherQueue() {
    here.lease(CALLER, request("w", 1));
    CompletableFuture<Void> wait = wait(here, "default");
    CompletableFuture<Void> other = wait(here, "mail");

    world.readied(world.jobs.aQueuedJob());

    await().until(wait::isDone);
    assertThat(other).isNotDone();
    here.endWaits();
    assertThat(other).isCompleted();
    assertThat(wait(here, "mail")).isCompleted();
  }

  @Test
  void aJobThatMayEndItsWorkersRunsAloneAndWhatIsNotGivenOutGoesBack() {
    Job suspect = world.jobs.aQueuedJob();
    Job crashed = suspect.rescue(clock.instant()).after().rescue(clock.instant()).after();
    world.readied(crashed);
    world.readied(world.jobs.aQueuedJob());

    assertThat(here.lease(CALLER, request("w", 1))).as("waits for its turn").isEmpty();
    assertThat(leased(here, "w").job().id()).isEqualTo(crashed.id());
    assertThat(world.found(crashed.id()).runsAlone()).isTrue();
    assertThat(here.lease(CALLER, request("w", 1))).as("nothing beside it").isEmpty();

    clock.advance(LEASE);
    reclaim();
    assertThat(world.state(crashed)).isEqualTo(JobState.FAILED);
  }

  @Test
  void aJobOnTrialIsForARequestThatWantsSuchJobsAlone() {
    Job crashed = readiedAfterCrashes();
    LeaseRequest otherQueue = new LeaseRequest("mail", "w", Set.of(), 9, LEASE);
    assertThat(here.lease(CALLER, request("w", 1))).isEmpty(); // it waits in quarantine

    assertThat(here.lease(CALLER, otherQueue)).isEmpty();

    assertThat(world.state(crashed)).isEqualTo(JobState.QUEUED);
    assertThat(world.found(crashed.id()).crashes()).isEqualTo(2);
    assertThat(leasedAfterQuarantine().job().id()).isEqualTo(crashed.id());
  }

  @Test
  void aJobOnTrialThatNobodyHeardOfIsNotGivenUp() {
    Job crashed = readiedAfterCrashes();
    assertThat(here.lease(CALLER, request("w", 1))).isEmpty(); // it waits in quarantine
    world.store.beforeNext("save", world.ready::down);

    assertThatThrownBy(() -> here.lease(CALLER, request("w", 1)))
        .isInstanceOf(UnavailableException.class);
    world.ready.up();

    Job now = world.found(crashed.id());
    assertThat(now.state()).isEqualTo(JobState.QUEUED);
    assertThat(now.crashes()).isEqualTo(2);
  }

  private Job readiedAfterCrashes() {
    Job suspect = world.jobs.aQueuedJob();
    Job crashed = suspect.rescue(clock.instant()).after().rescue(clock.instant()).after();
    return world.readied(crashed);
  }

  private Lease leasedAfterQuarantine() {
    for (int i = 0; i < 3; i++) {
      List<Lease> leases = here.lease(CALLER, request("w", 1));
      if (!leases.isEmpty()) {
        return leases.getFirst();
      }
    }
    throw new AssertionError("it did not come out of the quarantine");
  }

  @Test
  void ofLargeJobsNotAllStayInMemoryAndAllGoOn() {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      world.readied(world.jobs.aJob().payload('"' + "x".repeat(1 << 20) + '"').queued());
      leases.add(leased(here, "w"));
    }
    Leases anew = leases("anew");
    List<LeaseReport> beats =
        leases.stream().map(each -> (LeaseReport) new LeaseReport.Heartbeat(each.id())).toList();

    assertThat(anew.report(CALLER, beats)).hasSize(40).allMatch(Held.class::isInstance);
    assertThat(anew.report(CALLER, beats)).hasSize(40).allMatch(Held.class::isInstance);
    List<LeaseReport> ends =
        leases.stream()
            .map(each -> (LeaseReport) new LeaseReport.Complete(each.id(), "1", null))
            .toList();
    assertThat(anew.report(CALLER, ends)).hasSize(40).allMatch(Recorded.class::isInstance);
    anew.close();
  }

  @Test
  void aJobDoesNotRunAloneWhereAnotherProcessServesTheWorkerToo() {
    there.lease(CALLER, request("w", 1));
    Job suspect = world.jobs.aQueuedJob();
    Job crashed = suspect.rescue(clock.instant()).after().rescue(clock.instant()).after();
    world.readied(crashed);

    assertThat(here.lease(CALLER, request("w", 1))).isEmpty();
    assertThat(here.lease(CALLER, request("w", 1))).as("waits to be alone").isEmpty();
    clock.advance(Duration.ofSeconds(3));
    assertThat(leased(here, "w").job().id()).isEqualTo(crashed.id());

    assertThat(world.found(crashed.id()).runsAlone()).isFalse();
  }

  @Test
  void aJobRunsAloneInAWorkerThatPollsTwoProcessesAndIsGivenUp() {
    world.jobs.queuedJobs(3).forEach(world::readied);
    LeaseId before = leased(there, "w").id();
    Job crashed = readiedAfterCrashes();
    for (int i = 0; i < 600 && world.state(crashed) == JobState.QUEUED; i++) {
      for (Leases process : List.of(here, there)) {
        for (Lease lease : process.lease(CALLER, request("w", 10))) {
          if (!lease.job().id().equals(crashed.id())) {
            report(there, new LeaseReport.Complete(lease.id(), "1", null));
          }
        }
      }
      report(there, new LeaseReport.Complete(before, "1", null));
      clock.advance(Duration.ofMillis(100));
      here.supervise();
      there.supervise();
    }

    assertThat(world.found(crashed.id()).runsAlone()).isTrue();
    Job beside = world.readied(world.jobs.aQueuedJob());
    for (Leases process : List.of(here, there)) {
      assertThat(process.lease(CALLER, request("w", 10))).as("nothing beside it").isEmpty();
    }
    assertThat(there.lease(CALLER, request("another", 1))).hasSize(1);
    assertThat(new ListWorkers(world.memory, LEASE).live(CALLER))
        .extracting(WorkerInfo::slots)
        .allMatch(slots -> slots > 0);

    clock.advance(LEASE);
    reclaim();
    assertThat(world.state(crashed)).isEqualTo(JobState.FAILED);
    assertThat(world.state(beside)).isNotEqualTo(JobState.FAILED);
  }

  @Test
  void aWorkerThatDrainsGetsNoJobsUntilItIsResumed() {
    Leases process = leases("a");
    world.readied(world.jobs.aQueuedJob());
    Lease before = leased(process, "w");
    Job waits = world.readied(world.jobs.aQueuedJob());
    desire("w", state -> state.withDraining(true, "why", "kim", clock.instant()));
    clock.advance(Duration.ofSeconds(1));

    assertThat(process.lease(CALLER, request("w", 10))).isEmpty();
    assertThat(process.isDraining(request("w", 10))).isTrue();
    assertThat(process.isDraining(request("other", 10))).isFalse();
    process.supervise();
    assertThat(shownPhase()).isEqualTo(Phase.DRAINING);
    assertThat(report(process, new LeaseReport.Complete(before.id(), "1", null)))
        .isInstanceOf(LeaseAnswer.Recorded.class);
    clock.advance(Duration.ofSeconds(2));
    process.supervise();
    assertThat(shownPhase()).isEqualTo(Phase.DRAINED);

    desire("w", state -> state.withDraining(false, null, "kim", clock.instant()));
    clock.advance(Duration.ofSeconds(2));
    assertThat(leased(process, "w").job().id()).isEqualTo(waits.id());
    process.supervise();
    assertThat(shownPhase()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void aWorkerHoldsNoMoreJobsThanItIsAskedTo() {
    Leases process = leases("a");
    for (int i = 0; i < 5; i++) {
      world.readied(world.jobs.aQueuedJob());
    }
    desire("w", state -> state.withSlots(2, "kim", clock.instant()));

    List<Lease> leases = process.lease(CALLER, request("w", 10));
    assertThat(leases).hasSize(2);
    assertThat(process.lease(CALLER, request("w", 10))).isEmpty();
    report(process, new LeaseReport.Complete(leases.getFirst().id(), "1", null));
    assertThat(process.lease(CALLER, request("w", 10))).hasSize(1);
    assertThat(process.isDraining(request("w", 10))).isFalse();

    desire("w", state -> state.withSlots(0, "kim", clock.instant()));
    clock.advance(Duration.ofSeconds(1));
    assertThat(process.lease(CALLER, request("w", 10))).isEmpty();
  }

  @Test
  void aWaitEndsWhenItsWorkerIsDrained() {
    Leases process = leases("a");
    process.lease(CALLER, request("w", 1));
    process.supervise();
    CompletableFuture<Void> wait = wait(process, "default");
    desire("w", state -> state.withDraining(true, null, "kim", clock.instant()));
    clock.advance(Duration.ofSeconds(1));
    process.supervise();

    assertThat(wait).isDone();
    clock.advance(Duration.ofSeconds(1));
    CompletableFuture<Void> next = wait(process, "default");
    process.supervise();
    assertThat(next).isNotDone();
    next.cancel(false);
  }

  private void desire(String worker, UnaryOperator<DesiredState> change) {
    DesiredState none = DesiredState.none("pull:" + worker, "kim", clock.instant());
    world.memory.desired().change(none, change);
  }

  private Phase shownPhase() {
    return only(new ListWorkers(world.memory, LEASE).live(CALLER)).phase();
  }

  private static Policy timeout(Duration timeout) {
    Policy usual = Policy.DEFAULT;
    return new Policy(5, usual.backoff(), usual.backoffCap(), null, timeout, 3);
  }

  private static CompletableFuture<Void> wait(Leases process, String queue) {
    LeaseRequest request = new LeaseRequest(queue, "w", Set.of(), 1, LEASE);
    return process.await(CALLER, request, Duration.ofMinutes(1), Duration.ZERO);
  }

  private Leases leases(String process) {
    return new Leases(
        new Leases.Ports(
            world.ready.port(),
            world.listened,
            world.memory.journal(),
            workers.port(),
            new DesiredInForce(world.memory.desired(), () -> clock.millis() * 1_000_000),
            new PausesInForce(world.memory, () -> clock.millis() * 1_000_000),
            new LimitsInForce(new InMemoryLimits(), () -> clock.millis() * 1_000_000),
            clock,
            world.meter,
            Redaction.usual()),
        process,
        new Leases.Bounds(MAX_RESULT, MAX_LEASES),
        () -> clock.millis() * 1_000_000 + nanos.get(),
        () -> 0.5,
        offered::add);
  }

  private static LeaseRequest request(String worker, int max, String... types) {
    return new LeaseRequest("default", worker, Set.of(types), max, LEASE);
  }

  private static Lease leased(Leases process, String worker) {
    return only(process.lease(CALLER, request(worker, 1)));
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.getFirst();
  }

  private static LeaseAnswer report(Leases process, LeaseReport report) {
    return only(process.report(CALLER, List.of(report)));
  }

  private AttemptRecord attempt(Job job) {
    return only(world.memory.attempts(job.id()));
  }

  private void reclaim() {
    new ReclaimExpiredLeases(
            world.readyMemory,
            world.memory,
            new RecordCrash(world.memory, clock, world.meter),
            "rescuer",
            LEASE)
        .reclaim();
  }
}
