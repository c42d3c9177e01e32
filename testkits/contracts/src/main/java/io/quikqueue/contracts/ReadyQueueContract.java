package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ReadyQueue} guarantees: an attempt is pushed once however often it is
 * announced, taken by one worker at a time, in order of priority then arrival, and handed to a
 * rescuer only after its lease has expired.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ReadyQueueContract {

  /** Long enough not to expire within a test, unless the test lets it pass. */
  private static final Duration LONG = Duration.ofMinutes(5);

  /** Short enough to wait for on a real clock. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Set<String> ALL = Set.of();

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private ReadyQueue queue;

  /** An empty ready queue. */
  protected abstract ReadyQueue empty() throws Exception;

  /** Lets the ready queue's clock advance by at least this much. */
  protected abstract void letPass(Duration duration);

  /** How long the ready queue under test remembers finished attempts: a minute, by the port. */
  protected Duration memory() {
    return Duration.ofMinutes(1);
  }

  @BeforeEach
  void startEmpty() throws Exception {
    queue = empty();
  }

  @Test
  void handsOverWhatWasPushedUnchanged() throws Exception {
    JobSpec spec =
        JobSpec.builder("greet", "{\"text\":\"zwölf Boxkämpfer \\u0000 €\uD83D\uDE00\"}")
            .queue("mail")
            .priority(3)
            .deadline(NOW.plusSeconds(60))
            .policy(
                new Policy(
                    7, RetryDelays.of(null, null, null, List.of(SHORT, LONG), 0.1), LONG, SHORT, 2))
            .labels(Map.of("tenant", "a b"))
            .traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .build();
    Job pushed = Job.submit(ids.next(), spec, null, false, NOW).job();

    push(pushed);

    List<Job> taken = take("w", 10);
    assertThat(taken).singleElement().isEqualTo(pushed);
  }

  @Test
  void keepsBodiesApartWhateverBytesTheyHold() throws Exception {
    char[] filler = new char[1_000_000];
    Arrays.fill(filler, 'x');
    Job large = message("a", 5, "\"" + new String(filler) + "\"");
    Job lines = message("a", 5, "\"\r\n$-1\r\n*0\r\n\"");
    Job nothing = message("a", 5, "");

    push(large, lines, nothing);

    assertThat(take("w", 10))
        .extracting(taken -> taken.spec().payload())
        .containsExactly(large.spec().payload(), lines.spec().payload(), nothing.spec().payload());
  }

  @Test
  void servesPrioritiesThenArrival() throws Exception {
    Job low1 = message("a", 9);
    Job mid1 = message("a", 5);
    Job top = message("a", 0);
    Job mid2 = message("a", 5);
    Job low2 = message("a", 9);

    push(low1, mid1);
    push(top, mid2, low2);

    assertThat(ids(take("w", 2))).containsExactly(id(top), id(mid1));
    assertThat(ids(take("w", 9))).containsExactly(id(mid2), id(low1), id(low2));
  }

  @Test
  void ignoresAnAttemptThatIsReady() throws Exception {
    Job job = message("a", 5);
    push(job, job);

    assertThat(push(job)).containsEntry("a", 1L);
    assertThat(take("w", 10)).hasSize(1);
  }

  @Test
  void ignoresAnAttemptThatIsLeased() throws Exception {
    Job job = message("a", 5);
    push(job);
    take("w", 1);

    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(take("v", 1)).isEmpty();
    assertThat(extend("w", List.of(job), LONG)).isEmpty();
  }

  @Test
  void ignoresAnAttemptWhoseLeaseHasExpired() throws Exception {
    Job job = message("a", 5);
    push(job);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    letPass(SHORT);

    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(take("v", 1)).isEmpty();
  }

  @Test
  void ignoresAnAttemptThatFinishedUntilItIsForgotten() throws Exception {
    Job job = message("a", 5);
    push(job);
    take("w", 1);
    queue.ack(List.of(id(job)));

    assertThat(push(job)).containsEntry("a", 0L);

    letPass(memory());
    assertThat(push(job)).containsEntry("a", 1L);
    assertThat(ids(take("w", 1))).containsExactly(id(job));
  }

  @Test
  void ignoresAnAttemptOlderThanTheKnownOne() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(second);
    assertThat(push(first)).containsEntry("a", 1L);

    assertThat(ids(take("w", 10))).containsExactly(id(second));
    assertThat(push(first)).containsEntry("a", 0L);

    queue.ack(List.of(id(second)));
    assertThat(push(first)).containsEntry("a", 0L);
    assertThat(take("w", 10)).isEmpty();
  }

  @Test
  void replacesAReadyAttemptByAHigherOne() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);

    assertThat(push(second)).containsEntry("a", 1L);
    assertThat(ids(take("w", 10))).containsExactly(id(second));
  }

  @Test
  void replacesAnAttemptByAHigherOneOfTheSameBatch() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    Job other = message("a", 5);

    assertThat(push(first, other, second, first)).containsEntry("a", 2L);

    assertThat(ids(take("w", 10))).containsExactly(id(other), id(second));
  }

  @Test
  void replacesALeasedAttemptByAHigherOne() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));

    assertThat(push(second)).containsEntry("a", 1L);
    assertThat(ids(take("v", 10))).containsExactly(id(second));
    assertThat(extend("w", List.of(first), LONG)).containsExactly(id(first));
    queue.release("w", List.of(first));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
    assertThat(take("v", 1)).isEmpty();
  }

  @Test
  void acceptsAHigherAttemptOfAFinishedJob() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);
    take("w", 1);
    queue.ack(List.of(id(first)));

    assertThat(push(second)).containsEntry("a", 1L);
    queue.ack(List.of(id(first)));

    assertThat(ids(take("w", 10))).containsExactly(id(second));
    letPass(memory());
    assertThat(extend("w", List.of(second), LONG)).isEmpty();
  }

  @Test
  void answersWithTheDepthOfTheQueuesInTheBatch() {
    push(message("a", 5), message("b", 5), message("b", 5));

    assertThat(push(message("b", 5), message("c", 5)))
        .containsExactlyInAnyOrderEntriesOf(Map.of("b", 3L, "c", 1L));
    assertThat(queue.push(List.of())).isEmpty();
  }

  @Test
  void countsReadyJobsPerQueue() throws Exception {
    assertThat(queue.depth()).isEmpty();
    Job job = message("a", 5);
    push(job, message("a", 5), message("b", 5));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 2L, "b", 1L));

    queue.take(TakeRequest.ofAllTypes("w", Set.of("a"), 1, LONG, ZERO));
    queue.take(TakeRequest.ofAllTypes("w", Set.of("b"), 1, LONG, ZERO));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1L, "b", 0L));

    queue.release("w", List.of(job));
    assertThat(queue.depth()).containsEntry("a", 2L);
    queue.ack(List.of(id(job)));
    assertThat(queue.depth()).containsEntry("a", 1L);
  }

  @Test
  void takesFromTheNamedQueuesOnly() throws Exception {
    push(message("a", 5), message("b", 5), message("c", 5));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of("x"), 10, LONG, ZERO))).isEmpty();
    assertThat(queue.take(TakeRequest.ofAllTypes("w", List.of("c", "x", "a"), 10, LONG, ZERO)))
        .extracting(taken -> taken.spec().queue())
        .containsExactlyInAnyOrder("a", "c");
    assertThat(take("w", 10)).extracting(taken -> taken.spec().queue()).containsExactly("b");
  }

  @Test
  void takesTheTypesAskedForOnly() throws Exception {
    Job greet = message("a", "greet", 5);
    Job report = message("a", "report", 5);
    Job other = message("b", "report", 5);
    push(greet, report, other);

    assertThat(takeTypes(Set.of("mail"), 10)).isEmpty();
    assertThat(ids(takeTypes(Set.of("greet", "mail"), 10))).containsExactly(id(greet));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1L, "b", 1L));
    assertThat(ids(takeTypes(Set.of("report", "greet"), 10)))
        .containsExactlyInAnyOrder(id(report), id(other));
    assertThat(queue.depth()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 0L, "b", 0L));
  }

  @Test
  void servesPrioritiesThenArrivalAcrossTheTypesOfAQueue() throws Exception {
    Job low = message("a", "greet", 9);
    Job first = message("a", "report", 5);
    Job unwanted = message("a", "mail", 0);
    Job second = message("a", "greet", 5);
    Job third = message("a", "report", 5);
    Job top = message("a", "report", 0);
    push(low, first, unwanted);
    push(second, third, top);
    Set<String> types = Set.of("greet", "report");

    assertThat(ids(takeTypes(types, 1))).containsExactly(id(top));
    queue.release("w", List.of(top));
    assertThat(ids(takeTypes(types, 3))).containsExactly(id(top), id(first), id(second));
    assertThat(ids(takeTypes(types, 10))).containsExactly(id(third), id(low));
    assertThat(ids(take("w", 10))).containsExactly(id(unwanted));
  }

  @Test
  void jobsThatNobodyTakesKeepNoOtherFromBeingTaken() throws Exception {
    for (int i = 0; i < 40; i++) {
      push(messages("orphans-" + i, 20));
    }
    Job wanted = message("z", "greet", 9);
    Job beside = message("orphans-0", "greet", 9);
    push(wanted, beside);

    assertThat(ids(takeTypes(Set.of("greet"), 1))).hasSize(1);
    assertThat(ids(takeTypes(Set.of("greet"), 1))).hasSize(1);
    assertThat(queue.depth()).containsEntry("orphans-0", 20L).containsEntry("z", 0L);
    assertThat(ids(take("w", 1000))).hasSize(800);
  }

  @Test
  void aReleasedOrRescuedJobWaitsForOneThatTakesItsType() throws Exception {
    Job job = message("a", "greet", 5);
    push(job);
    take(new TakeRequest("w", ALL, ALL, 1, QueueRoom.UNLIMITED, SHORT, ZERO));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("rescuer", 10, LONG)).hasSize(1);

    queue.release("rescuer", List.of(job));

    assertThat(takeTypes(Set.of("report"), 10)).isEmpty();
    assertThat(ids(takeTypes(Set.of("greet"), 10))).containsExactly(id(job));
  }

  @Test
  void takesNoMoreOfAQueueThanThereIsRoomFor() throws Exception {
    push(messages("a", 10));
    push(messages("b", 2));
    push(messages("c", 10));
    QueueRoom room = new QueueRoom(4, Map.of("a", 4, "c", 1));

    assertThat(take(new TakeRequest("w", ALL, ALL, 100, room, LONG, ZERO)))
        .extracting(taken -> taken.spec().queue())
        .containsExactlyInAnyOrder("b", "b", "c", "c", "c");
    assertThat(queue.depth())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", 10L, "b", 0L, "c", 7L));
    assertThat(take(new TakeRequest("w", Set.of("a"), ALL, 100, room, LONG, ZERO))).isEmpty();
    assertThat(take("w", 100)).hasSize(17);
  }

  @Test
  void roomIsForAllTypesOfAQueueTogether() throws Exception {
    Job first = message("a", "greet", 5);
    Job second = message("a", "report", 5);
    push(first, second, message("a", "greet", 5), message("a", "report", 5));
    QueueRoom room = new QueueRoom(2, Map.of());

    assertThat(
            ids(take(new TakeRequest("w", ALL, Set.of("greet", "report"), 100, room, LONG, ZERO))))
        .containsExactly(id(first), id(second));
  }

  @Test
  void wakesWhenAJobOfTheTypeIsPushedToAQueueThatHasOthers() throws Exception {
    push(message("a", "greet", 5));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<List<Job>> taken =
          waitingTake(
              threads,
              new TakeRequest(
                  "w",
                  ALL,
                  Set.of("report"),
                  10,
                  QueueRoom.UNLIMITED,
                  LONG,
                  Duration.ofSeconds(30)));
      Job report = message("a", "report", 5);
      push(report);

      assertThat(ids(taken.get(20, TimeUnit.SECONDS))).containsExactly(id(report));
    }
  }

  @Test
  void servesQueuesInTurn() throws Exception {
    for (int i = 0; i < 20; i++) {
      push(message("a", 5));
    }
    push(message("b", 5), message("b", 5), message("c", 5));

    List<String> served = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      served.add(take("w", 1).getFirst().spec().queue());
    }
    assertThat(served.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(served.subList(3, 5)).containsExactlyInAnyOrder("a", "b");
    assertThat(served.getLast()).isEqualTo("a");
  }

  @Test
  void sharesALargeTakeAmongQueues() throws Exception {
    List<Job> a = messages("a", 50);
    List<Job> b = messages("b", 3);
    List<Job> c = messages("c", 50);
    push(a);
    push(b);
    push(c);

    List<AttemptId> taken = ids(take("w", 13));

    assertThat(taken).hasSize(13).containsSubsequence(ids(b.subList(0, 3)));
    assertThat(taken).containsSubsequence(ids(a.subList(0, 5)));
    assertThat(taken).containsSubsequence(ids(c.subList(0, 5)));
    assertThat(take("w", 1000)).hasSize(90);
  }

  @Test
  void takesNoMoreThanTheLimit() throws Exception {
    List<Job> pushed = messages("a", 10);
    push(pushed);

    assertThat(ids(take("w", 3))).isEqualTo(ids(pushed.subList(0, 3)));
    assertThat(ids(take("w", 3))).isEqualTo(ids(pushed.subList(3, 6)));
    assertThat(ids(take("w", 9))).isEqualTo(ids(pushed.subList(6, 10)));
    assertThat(take("w", 9)).isEmpty();
  }

  @Test
  void handlesAThousandAtATime() throws Exception {
    List<Job> pushed = messages("a", 1000);

    assertThat(push(pushed)).containsEntry("a", 1000L);
    assertThat(ids(take("w", 1000))).isEqualTo(ids(pushed));
    assertThat(extend("w", pushed, LONG)).isEmpty();
    queue.release("w", pushed);
    assertThat(queue.depth()).containsEntry("a", 1000L);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1000, SHORT, ZERO));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 1000, LONG)).hasSize(1000);
    queue.ack(ids(pushed));
    assertThat(queue.depth()).containsEntry("a", 0L);
    assertThat(push(pushed)).containsEntry("a", 0L);
  }

  @Test
  void returnsNothingAfterTheWait() throws Exception {
    long start = System.nanoTime();
    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LONG, Duration.ofMillis(300))))
        .isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(290), Duration.ofSeconds(10));
  }

  @Test
  void doesNotWaitWhenThereIsAJob() throws Exception {
    push(message("a", 5));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 10, LONG, Duration.ofSeconds(50))))
        .hasSize(1);
  }

  @Test
  void wakesWhenAJobIsPushed() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < 10; i++) {
        Future<List<Job>> taken = waitingTake(threads, Set.of("a"));
        push(message("b", 5));
        long start = System.nanoTime();
        push(message("a", 5));

        assertThat(taken.get(20, TimeUnit.SECONDS)).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
      }
    }
  }

  @Test
  void wakesWhenAJobIsReleased() throws Exception {
    Job job = message("a", 5);
    push(job);
    take("w", 1);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<List<Job>> taken = waitingTake(threads, ALL);
      long start = System.nanoTime();
      queue.release("w", List.of(job));

      assertThat(ids(taken.get(20, TimeUnit.SECONDS))).containsExactly(id(job));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }
  }

  @Test
  void canBeInterruptedWhileWaiting() throws Exception {
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread taker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LONG, Duration.ofSeconds(50)));
                  } catch (InterruptedException | RuntimeException e) {
                    thrown.set(e);
                  }
                });
    await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
    taker.interrupt();

    assertThat(taker.join(Duration.ofSeconds(5))).isTrue();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void refusesToTakeOnAnInterruptedThread() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LONG, Duration.ofSeconds(5))))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void givesNoJobToTwoTakers() throws Exception {
    int jobs = 2000;
    int takers = 8;
    ConcurrentLinkedQueue<AttemptId> taken = new ConcurrentLinkedQueue<>();
    List<Job> pushed = new ArrayList<>(messages("a", jobs / 2));
    pushed.addAll(messages("b", jobs / 2));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < takers; i++) {
        String worker = "w" + i;
        threads.submit(
            () -> {
              while (taken.size() < jobs) {
                taken.addAll(
                    ids(
                        queue.take(
                            TakeRequest.ofAllTypes(worker, ALL, 7, LONG, Duration.ofMillis(50)))));
              }
              return null;
            });
      }
      for (int i = 0; i < jobs; i += 100) {
        List<Job> batch = pushed.subList(i, i + 100);
        threads.submit(() -> push(batch));
        threads.submit(() -> push(batch));
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> taken.size() >= jobs);
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(ids(pushed));
  }

  @Test
  void handsOverALeaseOnlyAfterItExpired() throws Exception {
    Job expired = message("a", 5);
    Job alive = message("a", 5);
    push(expired, alive);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    take("v", 1);
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();

    letPass(SHORT);

    assertThat(take("v", 10)).isEmpty();
    List<ExpiredLease> rescued = queue.reclaimExpired("r", 10, LONG);
    assertThat(rescued).extracting(ExpiredLease::attempt).containsExactly(id(expired));
    assertThat(rescued.getFirst().updatedAt()).isEqualTo(expired.updatedAt());
    assertThat(rescued.getFirst().holder()).isEqualTo("w");
    assertThat(queue.reclaimExpired("s", 10, LONG)).isEmpty();
    assertThat(extend("w", List.of(expired), LONG)).containsExactly(id(expired));
    assertThat(extend("r", List.of(expired), LONG)).isEmpty();
  }

  @Test
  void handsOverAgainWhatARescuerLeft() throws Exception {
    push(messages("a", 3));
    queue.take(TakeRequest.ofAllTypes("w", ALL, 3, SHORT, ZERO));
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 2, SHORT)).hasSize(2);
    assertThat(queue.reclaimExpired("r", 2, LONG)).hasSize(1);
    letPass(SHORT);
    assertThat(queue.reclaimExpired("s", 10, LONG))
        .extracting(ExpiredLease::holder)
        .containsExactly("r", "r");
  }

  @Test
  void saysWhoHeldALeaseWhateverTheName() throws Exception {
    for (String holder : List.of("a host:4711:Ünïcode '\" \\ %", " ", "rescue:x", "5 q/t w")) {
      Job job = message("a", 5);
      push(job);
      assertThat(queue.take(TakeRequest.ofAllTypes(holder, ALL, 1, SHORT, ZERO))).hasSize(1);
      letPass(SHORT);

      assertThat(queue.reclaimExpired("r", 1, LONG))
          .extracting(ExpiredLease::holder)
          .containsExactly(holder);
      queue.ack(List.of(id(job)));
    }
  }

  @Test
  void extendRenewsALease() throws Exception {
    Job job = message("a", 5);
    push(job);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
  }

  @Test
  void extendRenewsALeaseThatNobodyRescuedYet() throws Exception {
    Job job = message("a", 5);
    push(job);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));
    letPass(SHORT);

    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
  }

  @Test
  void extendAssertsAnUnknownAttempt() throws Exception {
    Job job = message("a", 5);

    assertThat(extend("w", List.of(job), SHORT)).isEmpty();
    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(extend("v", List.of(job), SHORT)).containsExactly(id(job));
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG))
        .singleElement()
        .satisfies(
            expired -> {
              assertThat(expired.attempt()).isEqualTo(id(job));
              assertThat(expired.updatedAt()).isEqualTo(job.updatedAt());
              assertThat(expired.holder()).isEqualTo("w");
            });
  }

  @Test
  void extendTakesAReadyAttemptBack() throws Exception {
    Job job = message("a", 5);
    push(job);

    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    assertThat(queue.depth()).containsEntry("a", 0L);
    assertThat(take("v", 10)).isEmpty();
  }

  @Test
  void extendReplacesAnOlderAttempt() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);

    assertThat(extend("w", List.of(second), LONG)).isEmpty();
    assertThat(take("v", 10)).isEmpty();
    assertThat(extend("v", List.of(first), LONG)).containsExactly(id(first));
  }

  @Test
  void extendReportsWhatIsLost() throws Exception {
    Job mine = message("a", 5);
    Job finished = message("a", 5);
    Job replaced = message("a", 5);
    Job others = message("a", 5);
    push(mine, finished, replaced);
    take("w", 3);
    push(others);
    take("v", 1);
    queue.ack(List.of(id(finished)));
    push(later(replaced));

    assertThat(extend("w", List.of(mine, finished, replaced, others), LONG))
        .containsExactlyInAnyOrder(id(finished), id(replaced), id(others));
    assertThat(extend("w", List.of(), LONG)).isEmpty();
  }

  @Test
  void ackForgetsLeasedAndReadyAttempts() throws Exception {
    Job leased = message("a", 5);
    Job ready = message("a", 5);
    push(leased, ready);
    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, SHORT, ZERO));

    queue.ack(List.of(id(leased), id(ready)));
    queue.ack(List.of(id(leased)));
    queue.ack(List.of());

    assertThat(take("w", 10)).isEmpty();
    letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
  }

  @Test
  void ackRemembersWhatItDidNotKnow() throws Exception {
    Job job = message("a", 5);
    queue.ack(List.of(id(job)));

    assertThat(push(job)).containsEntry("a", 0L);
    assertThat(extend("w", List.of(job), LONG)).containsExactly(id(job));
  }

  @Test
  void ackOfALaterAttemptForgetsTheEarlier() throws Exception {
    Job first = message("a", 5);
    push(first);

    queue.ack(List.of(id(later(first))));

    assertThat(take("w", 10)).isEmpty();
  }

  @Test
  void ackOfSeveralAttemptsAtOnceRemembersTheLatest() throws Exception {
    Job first = message("a", 5);
    Job second = later(first);
    push(first);
    take("w", 1);

    queue.ack(List.of(id(second), id(first)));

    assertThat(push(second)).containsEntry("a", 0L);
    assertThat(push(later(second))).containsEntry("a", 1L);
  }

  @Test
  void releasedJobsGoAheadOfTheirPriority() throws Exception {
    Job released = message("a", 5);
    push(released);
    take("w", 1);
    Job better = message("a", 4);
    Job same = message("a", 5);
    push(same, better);

    queue.release("w", List.of(released));

    List<Job> taken = take("v", 10);
    assertThat(ids(taken)).containsExactly(id(better), id(released), id(same));
    assertThat(taken.get(1)).isEqualTo(released);
  }

  @Test
  void releasedJobsBearTheMessageTheyCameBackWith() throws Exception {
    Job pushed = message("a", 5);
    Job back = pushed.release(NOW.plusSeconds(1)).after();
    push(pushed);
    take("w", 1);

    queue.release("w", List.of(back));

    assertThat(take("v", 1)).singleElement().isEqualTo(back);
  }

  @Test
  void releasesOnlyWhatTheWorkerHasLeased() throws Exception {
    Job others = message("a", 5);
    Job finished = message("a", 5);
    Job unknown = message("a", 5);
    push(others, finished);
    take("v", 1);
    take("w", 1);
    queue.ack(List.of(id(finished)));

    queue.release("w", List.of(others, finished, unknown, later(others)));

    assertThat(take("w", 10)).isEmpty();
    assertThat(extend("v", List.of(others), LONG)).isEmpty();
  }

  private Map<String, Long> push(Job... messages) {
    return push(List.of(messages));
  }

  private Map<String, Long> push(List<Job> messages) {
    return queue.push(messages);
  }

  private List<Job> take(String worker, int limit) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes(worker, ALL, limit, LONG, ZERO));
  }

  private List<Job> take(TakeRequest request) throws InterruptedException {
    return queue.take(request);
  }

  private List<Job> takeTypes(Set<String> types, int limit) throws InterruptedException {
    return take(new TakeRequest("w", ALL, types, limit, QueueRoom.UNLIMITED, LONG, ZERO));
  }

  private Future<List<Job>> waitingTake(ExecutorService threads, Collection<String> queues) {
    return waitingTake(
        threads, TakeRequest.ofAllTypes("w", queues, 10, LONG, Duration.ofSeconds(30)));
  }

  private Future<List<Job>> waitingTake(ExecutorService threads, TakeRequest request) {
    AtomicReference<Thread> taker = new AtomicReference<>();
    Future<List<Job>> taken =
        threads.submit(
            () -> {
              taker.set(Thread.currentThread());
              return queue.take(request);
            });
    await()
        .until(
            () -> {
              Thread thread = taker.get();
              return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
            });
    return taken;
  }

  private List<Job> messages(String queueName, int count) {
    return IntStream.range(0, count).mapToObj(_ -> message(queueName, 5)).toList();
  }

  private Job message(String queueName, int priority) {
    return message(queueName, priority, "{\"n\":1}");
  }

  private Job message(String queueName, String type, int priority) {
    return message(type, queueName, priority, "{}");
  }

  private Job message(String queueName, int priority, String payload) {
    return message("echo", queueName, priority, payload);
  }

  private Job message(String type, String queueName, int priority, String payload) {
    JobSpec spec = JobSpec.builder(type, payload).queue(queueName).priority(priority).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  /** The next attempt of the job. */
  private static Job later(Job message) {
    return message.rescue(NOW).after();
  }

  private Set<AttemptId> extend(String worker, List<Job> running, Duration lease) {
    return queue.extend(worker, running.stream().map(Envelope::of).toList(), lease);
  }

  private static AttemptId id(Job message) {
    return message.attemptId();
  }

  private static List<AttemptId> ids(List<Job> messages) {
    return messages.stream().map(ReadyQueueContract::id).toList();
  }
}
