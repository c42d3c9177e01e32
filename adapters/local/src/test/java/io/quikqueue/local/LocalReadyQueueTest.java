package io.quikqueue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.BacklogQuery;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The window: what stays in the store, and how it comes in. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LocalReadyQueueTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private final StoredJobs store = new StoredJobs();
  private LocalReadyQueue queue;

  @AfterEach
  void close() {
    if (queue != null) {
      queue.close();
    }
  }

  @Test
  void keepsAWindowAndFillsItUpInOrder() throws Exception {
    start(10);
    List<Job> jobs = jobs("a", 95);

    submit(jobs);

    assertThat(queue.depth()).containsEntry("a", 10L);
    assertThat(run(95, 4)).isEqualTo(ids(jobs));
    assertThat(queue.depth()).containsEntry("a", 0L);
  }

  @Test
  void readsWhatAFormerProcessLeftByPriorityThenAge() throws Exception {
    List<Job> late = jobs("a", 300, 7);
    List<Job> soon = jobs("a", 300, 2);
    List<Job> other = jobs("b", 50, 5);
    late.forEach(store::add);
    soon.forEach(store::add);
    other.forEach(store::add);

    start(64);

    List<AttemptId> run = run(650, 10);
    assertThat(run).containsSubsequence(ids(soon)).containsSubsequence(ids(other));
    assertThat(run).containsSubsequence(ids(late));
    assertThat(run.indexOf(late.getFirst().attemptId()))
        .isGreaterThan(run.indexOf(soon.getLast().attemptId()));
  }

  @Test
  void runsABetterPriorityBeforeABacklog() throws Exception {
    start(20);
    submit(jobs("a", 200, 5));
    List<Job> urgent = jobs("a", 30, 0);
    submit(urgent);

    assertThat(run(30, 5)).containsExactlyElementsOf(ids(urgent));
    assertThat(run(200, 7)).hasSize(200);
  }

  @Test
  void runsAWorsePriorityAfterABacklog() throws Exception {
    start(20);
    List<Job> backlog = jobs("a", 100, 5);
    submit(backlog);
    List<Job> last = jobs("a", 10, 9);
    submit(last);
    List<Job> more = jobs("a", 50, 5);
    submit(more);

    List<AttemptId> run = run(160, 3);
    assertThat(run.subList(0, 100)).isEqualTo(ids(backlog));
    assertThat(run.subList(100, 150)).isEqualTo(ids(more));
    assertThat(run.subList(150, 160)).isEqualTo(ids(last));
  }

  @Test
  void losesNoOldJobThatComesBackWhileTheWindowIsFull() throws Exception {
    start(20);
    List<Job> early = jobs("a", 5);
    submit(early);
    assertThat(run(5, 5)).hasSize(5);
    List<Job> backlog = jobs("a", 100);
    submit(backlog);
    List<Job> again = early.stream().map(LocalReadyQueueTest::nextAttempt).toList();
    submit(again);

    assertThat(queue.depth()).containsEntry("a", 20L);
    List<AttemptId> run = run(105, 3);
    assertThat(run).containsAll(ids(again)).containsSubsequence(ids(backlog));
    assertThat(run.indexOf(again.getLast().attemptId()))
        .as("not after the whole backlog")
        .isLessThan(60);
  }

  @Test
  void losesNoJobThatIsSubmittedDuringARead() throws Exception {
    List<Job> before = jobs("a", 3, 5);
    before.forEach(store::add);
    List<Job> during = new ArrayList<>(jobs("a", 3, 5));
    during.addAll(jobs("a", 3, 1));
    store.afterNextRead(() -> submit(during));

    start(100);

    assertThat(run(9, 9)).containsAll(ids(before)).containsAll(ids(during));
  }

  @Test
  void addsNothingThatFinishedDuringARead() throws Exception {
    Job cancelled = job("a", 5, "1");
    Job left = job("a", 5, "2");
    store.add(cancelled);
    store.add(left);
    store.afterNextRead(
        () -> {
          store.remove(cancelled);
          queue.ack(List.of(cancelled.attemptId()));
        });

    start(100);

    assertThat(run(1, 10)).containsExactly(left.attemptId());
    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 10, LEASE, Duration.ofMillis(100))))
        .isEmpty();
  }

  @Test
  void addsNothingThatIsLeasedAndStillQueuedInTheStore() throws Exception {
    start(20);
    submit(jobs("a", 60));
    List<AttemptId> taken = new ArrayList<>();
    while (taken.size() < 60) {
      taken.addAll(attempts(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 7, LEASE, WAIT))));
    }

    assertThat(taken).doesNotHaveDuplicates();
    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 7, LEASE, Duration.ofMillis(100))))
        .isEmpty();
  }

  @Test
  void readsEachRowOfALongBacklogAboutOnce() throws Exception {
    jobs("a", 5000).forEach(store::add);
    start(100);

    assertThat(run(5000, 10)).hasSize(5000);

    assertThat(store.rows()).isBetween(5000, 15_000);
  }

  @Test
  void boundsTheMemoryOfAllQueuesTogether() throws Exception {
    start(1000, DataSize.mebibytes(1));
    List<Job> heavy =
        IntStream.range(0, 60).mapToObj(_ -> job("heavy", 5, "x".repeat(100_000))).toList();
    List<Job> light = jobs("light", 20);

    submit(heavy);
    assertThat(queue.depth()).containsEntry("heavy", 5L);
    submit(light);
    assertThat(queue.depth()).containsEntry("light", 20L).containsEntry("heavy", 5L);

    assertThat(run(80, 2)).containsSubsequence(ids(heavy)).containsSubsequence(ids(light));
  }

  @Test
  void servesALightQueueWhileAHeavyOneWaits() throws Exception {
    start(1000, DataSize.mebibytes(1));
    submit(IntStream.range(0, 60).mapToObj(_ -> job("heavy", 5, "x".repeat(100_000))).toList());
    List<Job> light = jobs("light", 5000);
    submit(light);

    List<AttemptId> run = new ArrayList<>();
    while (run.size() < 5000) {
      run.addAll(
          finish(queue.take(TakeRequest.ofAllTypes("w", Set.of("light"), 100, LEASE, WAIT))));
    }
    assertThat(run).isEqualTo(ids(light));
  }

  @Test
  void servesAJobThatIsLargerThanTheMemoryForAll() throws Exception {
    start(1000, DataSize.kibibytes(1));
    List<Job> jobs = IntStream.range(0, 5).mapToObj(_ -> job("a", 5, "x".repeat(50_000))).toList();
    submit(jobs);

    assertThat(queue.depth()).containsEntry("a", 1L);
    assertThat(run(5, 10)).isEqualTo(ids(jobs));
  }

  @Test
  void goesOnWhenTheStoreIsBack() throws Exception {
    List<Job> jobs = jobs("a", 500);
    jobs.forEach(store::add);
    start(50);
    List<AttemptId> run = new ArrayList<>(run(120, 10));

    store.down(true);
    for (List<Job> taken = take(50); !taken.isEmpty(); taken = take(50)) {
      run.addAll(finish(taken));
    }
    int reads = store.reads();
    await().until(() -> store.reads() > reads);
    submit(jobs("a", 1));
    store.down(false);

    run.addAll(run(501 - run.size(), 10));
    assertThat(run.subList(0, 500)).isEqualTo(ids(jobs));
  }

  @Test
  void doesNotStartWithoutTheStore() {
    store.down(true);

    assertThatThrownBy(() -> start(10)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void anAttemptThatIsLeftToTheStoreReplacesTheOneBefore() throws Exception {
    start(2);
    Job first = job("a", 5, "1");
    submit(List.of(first));
    List<Job> leased = take(1);
    submit(jobs("a", 5, 5));
    Job second = nextAttempt(first);
    submit(List.of(second));

    assertThat(queue.extend("w", leased.stream().map(Envelope::of).toList(), LEASE))
        .containsExactly(first.attemptId());
    assertThat(run(6, 1)).contains(second.attemptId());
  }

  @Test
  void finishedAttemptsAreBoundedInNumber() {
    LocalConfig config = new LocalConfig();
    config.setFinished(10);
    queue = new LocalReadyQueue(store, store, config);
    List<AttemptId> attempts = ids(jobs("a", 30));

    queue.ack(attempts);

    assertThat(queue.unknown(attempts))
        .containsExactlyInAnyOrderElementsOf(attempts.subList(0, 20));
  }

  @Test
  void forgetsIdleQueuesWhenThereAreMany() throws Exception {
    start(10);
    for (int i = 0; i < 3000; i++) {
      submit(List.of(job("q" + i, 5, "1")));
      assertThat(run(1, 1)).hasSize(1);
    }

    assertThat(queue.depth()).hasSizeLessThan(1100);
  }

  @Test
  void stopsReadingWhenClosed() throws Exception {
    jobs("a", 1000).forEach(store::add);
    start(10);
    await().until(() -> queue.depth().get("a") == 10);
    queue.close();
    int reads = store.reads();

    assertThat(take(100)).hasSize(10);
    assertThat(take(100)).isEmpty();
    assertThat(store.reads()).isEqualTo(reads);
  }

  @Test
  void jobsThatNobodyHereCanRunStayInTheStoreAndKeepNoOtherOut() throws Exception {
    for (int i = 0; i < 1000; i++) {
      store.add(ofType("orphan"));
    }
    List<Job> wanted = IntStream.range(0, 30).mapToObj(_ -> ofType("greet")).toList();
    wanted.forEach(store::add);
    LocalConfig config = new LocalConfig();
    config.setWindowJobs(10);
    queue = new LocalReadyQueue(store, store, config);
    queue.keepOnly(Set.of("greet"));
    queue.push(List.of(ofType("orphan")));
    queue.start();

    List<AttemptId> taken = new ArrayList<>();
    while (taken.size() < 30) {
      List<Job> some =
          queue.take(
              new TakeRequest("w", Set.of(), Set.of("greet"), 7, QueueRoom.UNLIMITED, LEASE, WAIT));
      assertThat(some).isNotEmpty();
      some.forEach(message -> taken.add(message.attemptId()));
    }

    assertThat(taken).isEqualTo(wanted.stream().map(Job::attemptId).toList());
    assertThat(queue.depth()).containsEntry("default", 0L);
  }

  @Test
  void typesThatSomebodyTakesFromNowOnComeInFromTheStore() throws InterruptedException {
    List<Job> late = new ArrayList<>();
    LocalConfig config = new LocalConfig();
    config.setWindowJobs(10);
    queue = new LocalReadyQueue(store, store, config);
    queue.keepOnly(Set.of("greet"));
    queue.start();
    for (int i = 0; i < 30; i++) {
      Job job = ofType("resize");
      Job greet = ofType("greet");
      store.add(job);
      store.add(greet);
      late.add(job);
      queue.push(List.of(job));
      queue.push(List.of(greet));
    }
    assertThat(taken("resize", 7, Duration.ZERO)).isEmpty();

    queue.keepFromNowOn(Set.of("greet", "resize"));
    List<Job> taken = new ArrayList<>();
    while (taken.size() < 5) {
      taken.addAll(taken("resize", 7, WAIT));
    }
    assertThat(late).containsAll(taken);

    queue.keepFromNowOn(Set.of("greet"));
    Job left = ofType("resize");
    store.add(left);
    queue.push(List.of(left));
    assertThat(taken("resize", 7, Duration.ZERO)).as("left in the store again").isEmpty();
    taken.forEach(store::remove);

    queue.keepFromNowOn(Set.of());
    List<Job> rest = new ArrayList<>();
    while (rest.size() + taken.size() < 31) {
      List<Job> some = taken("", 50, WAIT);
      assertThat(some).isNotEmpty();
      some.forEach(store::remove);
      some.stream().filter(job -> job.spec().type().equals("resize")).forEach(rest::add);
    }
    assertThat(rest).doesNotHaveDuplicates().doesNotContainAnyElementsOf(taken).contains(left);
  }

  @Test
  void aReadUnderWayDoesNotHideTypesThatAreTakenFromNowOn() throws InterruptedException {
    Job job = ofType("resize");
    store.add(job);
    store.add(ofType("greet"));
    LocalConfig config = new LocalConfig();
    queue = new LocalReadyQueue(store, store, config);
    queue.keepOnly(Set.of("greet"));
    store.afterNextRead(() -> queue.keepFromNowOn(Set.of("greet", "resize")));

    queue.start();

    assertThat(taken("resize", 7, WAIT)).containsExactly(job);
  }

  @Test
  void ofLargeJobsFewAreTakenAtATime() throws InterruptedException {
    queue = new LocalReadyQueue(store, store, new LocalConfig());
    queue.start();
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      JobSpec large = JobSpec.of("large", '"' + "x".repeat(1 << 20) + '"');
      jobs.add(Job.submit(ids.next(), large, null, false, NOW).job());
    }
    queue.push(jobs);

    assertThat(taken("", 20, Duration.ZERO)).isEqualTo(jobs.subList(0, 8));
    assertThat(taken("", 20, Duration.ZERO)).isEqualTo(jobs.subList(8, 16));
    assertThat(taken("", 20, Duration.ZERO)).isEqualTo(jobs.subList(16, 20));
  }

  private List<Job> taken(String type, int most, Duration wait) throws InterruptedException {
    Set<String> types = type.isEmpty() ? Set.of() : Set.of(type);
    return queue.take(
        new TakeRequest("w", Set.of(), types, most, QueueRoom.UNLIMITED, LEASE, wait));
  }

  private Job ofType(String type) {
    return Job.submit(ids.next(), JobSpec.of(type, "{}"), null, false, NOW).job();
  }

  @Test
  void runsEachJobOnceWhateverHappens() throws Exception {
    for (long seed = 1; seed <= 5; seed++) {
      StoredJobs jobs = new StoredJobs();
      Random random = new Random(seed);
      LocalConfig config = new LocalConfig();
      config.setWindowJobs(1 + random.nextInt(60));
      config.setWindowSize(DataSize.kibibytes(20 + random.nextInt(100)));
      queue = new LocalReadyQueue(jobs, jobs, config);
      queue.start();
      Set<AttemptId> submitted = ConcurrentHashMap.newKeySet();
      Map<AttemptId, Integer> runs = new ConcurrentHashMap<>();
      AtomicInteger over = new AtomicInteger();
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        List<Future<?>> submitters = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
          submitters.add(threads.submit(() -> submitSome(jobs, submitted)));
        }
        List<Future<?>> workers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
          String worker = "w" + t;
          workers.add(
              threads.submit(
                  () -> {
                    work(worker, jobs, submitted, runs, over);
                    return null;
                  }));
        }
        for (Future<?> submitter : submitters) {
          submitter.get();
        }
        over.incrementAndGet();
        for (Future<?> worker : workers) {
          worker.get();
        }
      }
      queue.close();
      assertThat(runs.keySet()).as("seed %d", seed).isEqualTo(submitted);
      assertThat(runs.values()).containsOnly(1);
    }
  }

  @Test
  void holdsAMillionJobsInLittleMemory() throws Exception {
    int all = 1_000_000;
    Million million = new Million(all);
    queue =
        new LocalReadyQueue(
            million,
            new StoredJobs() {
              @Override
              public List<QueueFigures> all() {
                return List.of(
                    new QueueFigures("a", Map.of(JobState.QUEUED, (long) all), all, 0, null));
              }
            },
            new LocalConfig());
    queue.start();

    int next = 0;
    while (next < all) {
      List<Job> taken = queue.take(TakeRequest.ofAllTypes("w", Set.of(), 500, LEASE, WAIT));
      assertThat(taken).isNotEmpty();
      for (Job message : taken) {
        if (Million.number(message.id()) != next++) {
          throw new AssertionError("job " + message.id() + " out of order");
        }
      }
      million.done(next);
      queue.ack(taken.stream().map(message -> message.attemptId()).toList());
    }
    assertThat(queue.depth().get("a")).isZero();
  }

  private void submitSome(StoredJobs jobs, Set<AttemptId> submitted) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 300; i++) {
      List<Job> batch =
          IntStream.range(0, 1 + random.nextInt(10))
              .mapToObj(
                  _ ->
                      job(
                          "q" + random.nextInt(3),
                          random.nextInt(10),
                          "x".repeat(random.nextInt(2000))))
              .toList();
      batch.forEach(jobs::add);
      submitted.addAll(ids(batch));
      queue.push(batch);
      if (random.nextInt(4) == 0) {
        queue.push(batch);
      }
    }
  }

  private void work(
      String worker,
      StoredJobs jobs,
      Set<AttemptId> submitted,
      Map<AttemptId, Integer> runs,
      AtomicInteger over)
      throws InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (true) {
      boolean last = over.get() > 0 && runs.size() == submitted.size();
      List<Job> taken =
          queue.take(
              TakeRequest.ofAllTypes(
                  worker,
                  random.nextBoolean() ? Set.of() : Set.of("q1"),
                  1 + random.nextInt(20),
                  LEASE,
                  Duration.ofMillis(2)));
      if (last) {
        assertThat(taken).isEmpty();
        return;
      }
      for (Job job : taken) {
        int dice = random.nextInt(20);
        if (dice == 0) {
          queue.release(worker, List.of(job));
        } else {
          runs.merge(job.attemptId(), 1, Integer::sum);
          jobs.remove(job);
          if (dice == 1 && job.attempt() < 3) {
            Job next = nextAttempt(job);
            submitted.add(next.attemptId());
            jobs.add(next);
            queue.ack(List.of(job.attemptId()));
            queue.push(List.of(next));
          } else {
            queue.ack(List.of(job.attemptId()));
          }
        }
      }
    }
  }

  /** A million QUEUED jobs, none of which exists before it is read. */
  private static final class Million implements ActiveJobs {

    @Override
    public Map<JobId, String> workers(Collection<JobId> running) {
      return Map.of();
    }

    private static final long BASE = 0x8000_0000_0000_0000L;
    private static final JobSpec SPEC = JobSpec.builder("echo", "{}").queue("a").build();

    private final int size;
    private volatile int done;

    Million(int size) {
      this.size = size;
    }

    static int number(JobId id) {
      return (int) (id.value().getLeastSignificantBits() - BASE - 1);
    }

    void done(int count) {
      done = count;
    }

    @Override
    public List<Job> backlog(BacklogQuery query, Job after, int limit) {
      int first = Math.max(done, after == null ? 0 : number(after.id()) + 1);
      return IntStream.range(first, Math.min(size, first + limit))
          .mapToObj(
              n -> {
                JobSpec spec =
                    SPEC.toBuilder()
                        .payload("{\"n\":" + n + ",\"text\":\"" + "x".repeat(1000) + "\"}")
                        .build();
                JobId id = new JobId(new UUID(0x7000L, BASE + 1 + n));
                return Job.submit(id, spec, null, false, NOW).job();
              })
          .toList();
    }

    @Override
    public List<Job> scan(JobState state, JobId after, Set<String> except, int limit) {
      throw new UnsupportedOperationException("a refill reads one queue");
    }
  }

  private void start(int windowJobs) {
    start(windowJobs, DataSize.mebibytes(64));
  }

  private void start(int windowJobs, DataSize windowSize) {
    LocalConfig config = new LocalConfig();
    config.setWindowJobs(windowJobs);
    config.setWindowSize(windowSize);
    queue = new LocalReadyQueue(store, store, config);
    queue.start();
  }

  private void submit(List<Job> jobs) {
    jobs.forEach(store::add);
    queue.push(jobs);
  }

  /** Takes and finishes so many jobs. */
  private List<AttemptId> run(int jobs, int batch) throws InterruptedException {
    List<AttemptId> run = new ArrayList<>();
    while (run.size() < jobs) {
      int limit = Math.min(batch, jobs - run.size());
      List<Job> taken = queue.take(TakeRequest.ofAllTypes("w", Set.of(), limit, LEASE, WAIT));
      assertThat(taken).as("%d of %d jobs", run.size(), jobs).isNotEmpty();
      run.addAll(finish(taken));
    }
    return run;
  }

  private List<Job> take(int limit) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes("w", Set.of(), limit, LEASE, Duration.ofMillis(100)));
  }

  private List<AttemptId> finish(List<Job> taken) {
    taken.forEach(store::remove);
    List<AttemptId> attempts = attempts(taken);
    queue.ack(attempts);
    return attempts;
  }

  private List<Job> jobs(String name, int count) {
    return jobs(name, count, 5);
  }

  private List<Job> jobs(String name, int count, int priority) {
    return IntStream.range(0, count).mapToObj(i -> job(name, priority, "" + i)).toList();
  }

  private Job job(String name, int priority, String payload) {
    JobSpec spec = JobSpec.builder("echo", payload).queue(name).priority(priority).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private static Job nextAttempt(Job job) {
    return job.cancel(NOW).after().retry(NOW).after();
  }

  private static List<AttemptId> attempts(List<Job> messages) {
    return messages.stream().map(message -> message.attemptId()).toList();
  }

  private static List<AttemptId> ids(List<Job> jobs) {
    return jobs.stream().map(Job::attemptId).toList();
  }
}
