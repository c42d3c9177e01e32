package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryJobStats;
import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.ReadyPlaces;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.stats.DurationHistogram;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.domain.usecase.stats.QueuePace;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatchChecksTest {

  private static final WaitCheck ANNOUNCED = WaitCheck.passed(WaitCheck.Code.ANNOUNCED);
  private static final WaitCheck DISPATCHED = WaitCheck.passed(WaitCheck.Code.DISPATCHED);
  private static final WaitCheck NEXT = WaitCheck.passed(WaitCheck.Code.POSITION);

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryStore memory = new InMemoryStore(clock);
  private final InMemoryReadyQueue queue = new InMemoryReadyQueue(clock);
  private final Flaky<Outbox> outbox = new Flaky<>(Outbox.class, memory);
  private final Flaky<ReadyPlaces> ready = new Flaky<>(ReadyPlaces.class, queue);
  private final BoundedAsking asking = new BoundedAsking(nanos::get);
  private final Flaky<JobStats> stats = new Flaky<>(JobStats.class, new InMemoryJobStats());
  private final QueuePace pace = new QueuePace(stats.port(), clock, nanos::get);
  private final DispatchChecks stack =
      new DispatchChecks(outbox.port(), ready.port(), asking, pace);
  private final DispatchChecks oneProcess = new DispatchChecks(null, ready.port(), asking, pace);
  private final Jobs jobs = new Jobs(clock);
  private final Job job = jobs.aQueuedJob();

  @BeforeEach
  void aJobThatIsStored() {
    memory.submit(List.of(new Submission(job, null)));
  }

  @Test
  void aJobThatIsNotYetAnnouncedSaysSinceWhen() {
    assertThat(stack.of(job))
        .containsExactly(
            WaitCheck.failed(
                WaitCheck.Code.ANNOUNCED,
                job.updatedAt().toString(),
                "it is stored since "
                    + job.updatedAt()
                    + " and not announced yet: the stream is out of reach or behind"),
            notDispatched(
                "it is announced and not in the ready queue yet: the jobs before it come first,"
                    + " and a consumer has to run"));
  }

  @Test
  void aJobThatIsAnnouncedAndNotDispatchedSaysSo() {
    memory.delete(List.of(job.attemptId()));

    assertThat(stack.of(job))
        .extracting(WaitCheck::code, WaitCheck::passed)
        .containsExactly(
            tuple(WaitCheck.Code.ANNOUNCED, true), tuple(WaitCheck.Code.DISPATCHED, false));
  }

  @Test
  void theOutboxIsNotAskedForAJobThatIsReady() {
    queue.push(List.of(job));

    assertThat(stack.of(job)).containsExactly(ANNOUNCED, DISPATCHED, NEXT);
    assertThat(outbox.calls("holds")).isZero();
  }

  @Test
  void inOneProcessAJobBeyondTheReadyQueueSaysSo() {
    assertThat(oneProcess.of(job))
        .containsExactly(
            notDispatched(
                "it is not in the ready queue yet: the jobs before it come first, or nobody asks"
                    + " for its type"));

    queue.push(List.of(job));

    assertThat(oneProcess.of(job)).containsExactly(DISPATCHED, NEXT);
  }

  @Test
  void aReadyJobSaysHowManyComeBeforeIt() {
    queue.push(List.of(jobs.aQueuedJob(), job));
    assertThat(stack.of(job))
        .containsExactly(
            ANNOUNCED, DISPATCHED, behind("1", "1 ready job of its queue comes before it"));

    Job ofGroup = jobs.aJob().group("red").queued();
    queue.push(
        List.of(jobs.aJob().group("red").queued(), jobs.aJob().group("red").queued(), ofGroup));
    assertThat(stack.of(ofGroup)).endsWith(behind("2", "2 ready jobs of its group come before it"));
  }

  @Test
  void thePaceOfItsQueueSaysHowLongThatMayTake() {
    ended(600); // in five minutes: two a second
    List<Job> before = jobs.queuedJobs(30);
    queue.push(before);
    queue.push(List.of(job));

    assertThat(stack.of(job))
        .endsWith(
            behind(
                "30",
                "30 ready jobs of its queue come before it, about 15 seconds at the pace of the"
                    + " last five minutes"));
    stack.of(job);
    assertThat(stats.calls("read")).isOne();

    Job ofGroup = jobs.aJob().group("red").queued();
    queue.push(List.of(jobs.aJob().group("red").queued(), ofGroup));
    assertThat(stack.of(ofGroup)).endsWith(behind("1", "1 ready job of its group comes before it"));
  }

  @ParameterizedTest
  @CsvSource({"6000, a second", "60, 2 minutes", "1, 2 hours"})
  void theEstimateIsRough(int ended, String about) {
    ended(ended);
    queue.push(jobs.queuedJobs(20));
    queue.push(List.of(job));

    assertThat(stack.of(job).getLast().sentence()).contains(", about " + about + " at the pace");
  }

  @Test
  void whileTheFiguresAreAwayThereIsNoEstimate() {
    ended(600);
    stats.down();
    queue.push(List.of(jobs.aQueuedJob(), job));

    assertThat(stack.of(job)).endsWith(behind("1", "1 ready job of its queue comes before it"));

    stats.up();
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(stack.of(job).getLast().sentence()).contains("at the pace");
  }

  /** So many attempts of the queue in the last five minutes. */
  private void ended(int attempts) {
    clock.set(clock.instant().truncatedTo(ChronoUnit.MINUTES));
    DurationHistogram none = DurationHistogram.EMPTY;
    stats
        .port()
        .record(
            List.of(
                new MinuteCounts(
                    StatsScope.queue(job.spec().queue()),
                    clock.instant().minus(2, ChronoUnit.MINUTES),
                    "p",
                    new JobCounts(0, attempts / 2, attempts - attempts / 2, 0, none, none))));
  }

  @Test
  void aReadyQueueThatIsAwayIsAReasonAndIsAskedOnceASecond() {
    ready.down();
    memory.delete(List.of(job.attemptId()));
    WaitCheck away =
        notDispatched("the ready queue is out of reach, and nothing starts until it is back");

    for (int i = 0; i < 10; i++) {
      assertThat(stack.of(job)).containsExactly(ANNOUNCED, away);
    }
    assertThat(ready.calls("before")).isOne();

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    stack.of(job);
    assertThat(ready.calls("before")).isEqualTo(2);
  }

  @Test
  void nothingIsSaidOfTheOutboxWhileTheStoreIsAway() {
    outbox.down();

    assertThat(stack.of(job)).extracting(WaitCheck::code).doesNotContain(WaitCheck.Code.ANNOUNCED);
  }

  @Test
  void withoutTheReadyQueueOnlyTheOutboxIsAsked() {
    DispatchChecks blind = new DispatchChecks(outbox.port(), null, asking, pace);

    assertThat(blind.of(job)).extracting(WaitCheck::code).containsExactly(WaitCheck.Code.ANNOUNCED);
  }

  @Test
  void onlyJobsThatAreReadyAreAskedFor() {
    assertThat(stack.of(jobs.aWaitingJob())).isEmpty();
    assertThat(ready.calls("before") + outbox.calls("holds")).isZero();
  }

  private static WaitCheck behind(String value, String sentence) {
    return WaitCheck.failed(WaitCheck.Code.POSITION, value, sentence);
  }

  private static WaitCheck notDispatched(String sentence) {
    return WaitCheck.failed(WaitCheck.Code.DISPATCHED, null, sentence);
  }
}
