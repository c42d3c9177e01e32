package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryJobStats;
import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.Dependencies;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.WorkerInfo.Phase;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.stats.QueuePace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WhyWaitingTest {

  private static final Caller CALLER = Caller.anonymous("192.0.2.1");

  private static final String NOBODY = "no living worker has a handler for type \"echo\"";

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final Flaky<Workers> workers = new Flaky<>(Workers.class, memory);
  private final PausesInForce pauses = new PausesInForce(memory, nanos::get);
  private final Flaky<Dependencies> dependencies = new Flaky<>(Dependencies.class, memory);
  private final InMemoryReadyQueue ready = new InMemoryReadyQueue(clock);
  private final Flaky<ClosedDestinations> closed = new Flaky<>(ClosedDestinations.class, ready);
  private final WhyWaiting why =
      new WhyWaiting(
          pauses,
          workers.port(),
          dependencies.port(),
          null,
          new DestinationChecks(
              closed.port(),
              Map.of("http", payload -> payload.equals("7") ? null : "http://h.test:80"),
              clock,
              nanos::get),
          new DispatchChecks(
              null,
              null,
              new BoundedAsking(nanos::get),
              new QueuePace(new InMemoryJobStats(), clock, nanos::get)),
          clock,
          Duration.ofSeconds(20),
          nanos::get);
  private final Job job = new Jobs().aQueuedJob();

  @Test
  void aJobOfATypeThatNoWorkerHasSaysSo() {
    alive("other");

    assertThat(why.of(CALLER, job)).isEqualTo(NOBODY);
  }

  @Test
  void aWorkerThatComesIsNoticedWithinASecond() {
    assertThat(why.of(CALLER, job)).isEqualTo(NOBODY);
    alive("echo");
    assertThat(why.of(CALLER, job)).isEqualTo(NOBODY);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(why.of(CALLER, job)).isNull();
  }

  @Test
  void aJobBehindAnotherOfItsOrderingKeyNamesIt() {
    alive("echo");
    List<Job> line = line();

    assertThat(why.of(CALLER, line.get(2)))
        .isEqualTo("it waits for job " + line.get(1).id() + " of its ordering key");
    assertThat(why.checks(CALLER, line.get(2)))
        .filteredOn(check -> !check.passed())
        .containsExactly(
            WaitCheck.failed(
                WaitCheck.Code.ORDERING_KEY,
                line.get(1).id().toString(),
                "it waits for job " + line.get(1).id() + " of its ordering key"));
    assertThat(why.checks(CALLER, line.get(0)))
        .contains(WaitCheck.passed(WaitCheck.Code.ORDERING_KEY));
    assertThat(why.checks(CALLER, job))
        .extracting(WaitCheck::code)
        .doesNotContain(WaitCheck.Code.ORDERING_KEY);
    assertThat(dependencies.calls("needs")).isEqualTo(2);
  }

  @Test
  void aJobBehindAnotherSaysSoWithoutTheStore() {
    Job last = line().get(2);
    dependencies.down();

    assertThat(why.of(CALLER, last))
        .isEqualTo("it waits for the job before it of its ordering key");
  }

  private List<Job> line() {
    Jobs jobs = new Jobs();
    return Stream.generate(() -> jobs.aJob().with(it -> it.orderingKey("k")).queued())
        .limit(3)
        .map(each -> memory.submit(List.of(new Submission(each, null))).getFirst())
        .map(answer -> ((SubmitResult.Accepted) answer).job())
        .toList();
  }

  @Test
  void aWorkerThatDrainsDoesNotCountAndIsNamedAsTheReason() {
    alive("echo");
    WorkerInfo worker = memory.live(Duration.ofSeconds(20)).getFirst();
    memory.heartbeat(worker.withPhase(Phase.DRAINED));

    assertThat(why.of(CALLER, job))
        .isEqualTo(
            "all living workers that take jobs of type \"echo\" from queue \"default\" drain");
  }

  @Test
  void aWorkerThatFellSilentDoesNotCount() {
    alive("echo");
    clock.advance(Duration.ofSeconds(21));

    assertThat(why.of(CALLER, job)).isEqualTo(NOBODY);
  }

  @Test
  void theStoreIsAskedOnceASecondHoweverManyJobsAreShown() {
    for (int i = 0; i < 1000; i++) {
      why.of(CALLER, job);
    }

    assertThat(workers.calls("live")).isOne();
  }

  @Test
  void nothingIsSaidWhileTheStoreIsAway() {
    workers.down();

    assertThat(why.of(CALLER, job)).isNull();
  }

  @Test
  void aJobOfAPausedQueueNamesItWithTheNote() {
    memory.pause(
        new Pause(PauseKey.queue("default"), "the mail server moves", "ops", clock.instant()));

    assertThat(why.of(CALLER, job))
        .isEqualTo(
            "queue \"default\" is paused since " + clock.instant() + ": the mail server moves");
  }

  @Test
  void aJobOfAPausedTypeNamesItThoughNoWorkerHasIt() {
    memory.pause(new Pause(PauseKey.type("echo"), null, "ops", clock.instant()));

    assertThat(why.of(CALLER, job)).isEqualTo("type \"echo\" is paused since " + clock.instant());
  }

  @Test
  void nothingMoreIsLookedUpOnceACheckHasFailed() {
    memory.pause(new Pause(PauseKey.queue("default"), null, "ops", clock.instant()));

    assertThat(why.of(CALLER, job)).startsWith("queue \"default\" is paused");
    assertThat(workers.calls("live")).isZero();

    assertThat(why.of(CALLER, new Jobs().aJob().in(JobState.SCHEDULED))).startsWith("it is due");
    assertThat(workers.calls("live")).isZero();
  }

  @Test
  void onlyJobsThatAreReadyWaitForAWorker() {
    Job running = job.start(clock.instant()).after();

    assertThat(why.of(CALLER, running)).isNull();
    assertThat(workers.calls("live")).isZero();
  }

  @Test
  void aJobThatIsDueLaterSaysWhen() {
    Job later = new Jobs().aJob().in(JobState.SCHEDULED);

    assertThat(why.of(CALLER, later)).isEqualTo("it is due at " + later.dueAt());
    assertThat(workers.calls("live")).isZero();
  }

  @Test
  void aJobWhoseDestinationAskedToWaitSaysUntilWhen() {
    Instant end = clock.instant().plusSeconds(90).truncatedTo(ChronoUnit.MILLIS);
    ready.close(Destination.host("http://h.test:80"), Duration.ofSeconds(90));
    ready.close(Destination.group("default", "a"), Duration.ofSeconds(90));

    Job call = new Jobs().aJob().type("http").queued();
    assertThat(why.checks(CALLER, call))
        .contains(
            new WaitCheck(
                WaitCheck.Code.DESTINATION_CLOSED,
                false,
                end.toString(),
                null,
                "the host http://h.test:80 asked to wait until " + end));
    assertThat(why.checks(CALLER, new Jobs().aJob().group("a").queued()))
        .extracting(WaitCheck::sentence)
        .contains("the group \"a\" asked to wait until " + end);
    WaitCheck passed = WaitCheck.passed(WaitCheck.Code.DESTINATION_CLOSED);
    assertThat(why.checks(CALLER, new Jobs().aJob().group("b").queued())).contains(passed);
    clock.advance(Duration.ofSeconds(90));
    assertThat(why.checks(CALLER, call)).contains(passed);
    assertThat(why.checks(CALLER, job))
        .as("without a destination")
        .extracting(WaitCheck::code)
        .doesNotContain(WaitCheck.Code.DESTINATION_CLOSED);
  }

  @Test
  void whileTheReadyQueueIsAwayNothingIsSaidOfDestinationsAndItIsAskedTwiceASecond() {
    closed.down();
    Job call = new Jobs().aJob().type("http").queued();

    for (int i = 0; i < 10; i++) {
      assertThat(why.checks(CALLER, call))
          .extracting(WaitCheck::code)
          .doesNotContain(WaitCheck.Code.DESTINATION_CLOSED);
    }
    assertThat(closed.calls("closed")).isOne();
  }

  @Test
  void aJobOfAPausedGroupSaysSo() {
    Pause pause = new Pause(PauseKey.group("default", "a"), "moves", "ops", clock.instant());
    memory.pause(pause);
    Job held = new Jobs().aJob().group("a").queued();

    assertThat(why.of(CALLER, held))
        .isEqualTo("group \"a\" of queue \"default\" is paused since " + pause.at() + ": moves");
    assertThat(why.checks(CALLER, held))
        .extracting(check -> check.code().label() + " " + check.passed() + " " + check.value())
        .containsSubsequence("queue_paused true null", "group_paused false moves");
    assertThat(why.of(CALLER, new Jobs().aJob().group("b").queued())).isEqualTo(NOBODY);
  }

  @Test
  void allChecksAreToldInTheirOrderAndOnlyOfJobsThatWait() {
    memory.pause(new Pause(PauseKey.type("echo"), "broken", "ops", clock.instant()));

    assertThat(why.checks(CALLER, job))
        .extracting(check -> check.code().label() + " " + check.passed() + " " + check.value())
        .containsExactly(
            "due true null",
            "queue_paused true null",
            "type_paused false broken",
            "worker false echo");
    assertThat(why.checks(CALLER, job.cancel(clock.instant()).after())).isEmpty();
  }

  private void alive(String type) {
    memory.heartbeat(
        new WorkerInfo(
            "w-" + type,
            "host",
            1,
            Set.of(),
            Set.of(type),
            1,
            0,
            List.of(),
            clock.instant(),
            clock.instant()));
  }
}
