package io.quikqueue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups with limits have windows of their own: what is beyond stays in the store. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GroupWindowsTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final int WINDOW = new Limits(null, 1, null, null, null, null, Map.of()).window();

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private final StoredJobs store = new StoredJobs();
  private LimitTable limits = LimitTable.EMPTY;
  private LocalReadyQueue queue;

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void aBlockedGroupKeepsNoMoreThanItsWindow() throws Exception {
    start(1_000);
    limit(1);
    submit(jobs("big", 5_000));
    assertThat(take(10)).hasSize(1);

    submit(jobs("small", 10));

    assertThat(queue.depth().get("q")).isLessThanOrEqualTo(WINDOW + 10L);
    assertThat(take(1)).allMatch(job -> "small".equals(job.spec().group()));
  }

  @Test
  void aPausedGroupHasAWindowWithoutLimitsAndRunsWhollyWhenItIsResumed() throws Exception {
    start(1_000);
    limits = new LimitTable(1, Map.of(), Map.of(), Map.of("q", Set.of("big")));
    submit(jobs("small", 1));
    assertThat(take(1)).hasSize(1);
    List<Job> big = jobs("big", 5_000);
    submit(big);
    List<Job> small = jobs("small", 10);
    submit(small);

    assertThat(queue.depth().get("q")).isLessThanOrEqualTo(Limits.NONE.window() + 10L);
    assertThat(runAllBut(Set.of("big"), 10)).containsExactlyInAnyOrderElementsOf(ids(small));
    limits = new LimitTable(2, Map.of(), Map.of());
    assertThat(runAllBut(Set.of(), 5_000)).containsExactlyInAnyOrderElementsOf(ids(big));
  }

  @Test
  void aBlockedGroupIsNoLongerThanOthersInARoomThatIsShort() throws Exception {
    start(20);
    limit(1);
    List<Job> big = jobs("big", 500);
    submit(big);
    assertThat(take(1)).containsExactly(big.getFirst());
    List<Job> others = new ArrayList<>(jobs("a", 40));
    others.addAll(jobs(null, 40));
    submit(others);

    assertThat(runAllBut(Set.of("big"), 80)).containsExactlyInAnyOrderElementsOf(ids(others));
  }

  @Test
  void aBlockedGroupInTheStoreIsPassedOver() throws Exception {
    jobs("big", 5_000).forEach(store::add);
    List<Job> small = jobs("small", 10);
    small.forEach(store::add);
    jobs("big", 5_000).forEach(store::add);
    limit(1);
    start(1_000);

    assertThat(runAllBut(Set.of("big"), 10)).isEqualTo(ids(small));
    await().until(() -> queue.depth().get("q") >= WINDOW - 1);
    assertThat(store.rows()).isLessThan(6_000);
  }

  @Test
  void aWindowIsFilledUpInOrder() throws Exception {
    start(1_000);
    limit(1);
    List<Job> big = jobs("big", 1_000);
    submit(big);

    assertThat(run(1_000)).isEqualTo(ids(big));
    assertThat(store.rows()).as("each is read about once").isLessThan(2_000);
  }

  @Test
  void aBetterPriorityComesBeforeTheRestOfItsGroup() throws Exception {
    start(1_000);
    limit(1);
    submit(jobs("big", 500));
    List<Job> urgent = List.of(job("big", 0));
    submit(urgent);

    assertThat(run(1)).isEqualTo(ids(urgent));
    assertThat(run(500)).hasSize(500);
  }

  @Test
  void aLimitThatComesLaterMakesRoomForOthers() throws Exception {
    start(100);
    submit(jobs("big", 1_000));
    List<Job> small = jobs("small", 10);
    submit(small);

    limit(1);

    assertThat(runAllBut(Set.of("big"), 10)).isEqualTo(ids(small));
  }

  @Test
  void withoutTheLimitAllComes() throws Exception {
    start(100);
    limit(1);
    List<Job> big = jobs("big", 1_000);
    submit(big);
    submit(jobs("small", 10));
    assertThat(run(5)).hasSize(5);

    limits = new LimitTable(limits.version() + 1, Map.of(), Map.of());

    assertThat(run(1_005)).containsSubsequence(ids(big.subList(5, 1_000)));
  }

  @Test
  void aPausedGroupLetsOthersGoOnAndComesWhenItIsResumed() throws Exception {
    start(200);
    limits = new LimitTable(1, Map.of(), Map.of(), Map.of("q", Set.of("big")));
    submit(jobs("big", 1_000));
    List<Job> small = jobs("small", 300);
    submit(small);

    assertThat(run(300)).isEqualTo(ids(small));
    assertThat(queue.depth().get("q")).isLessThanOrEqualTo(WINDOW);
    limits = new LimitTable(2, Map.of(), Map.of());
    assertThat(run(1_000)).hasSize(1_000);
  }

  @Test
  void jobsOfTheGroupThatEndInTheStoreAreNotTaken() throws Exception {
    start(1_000);
    limit(1);
    List<Job> big = jobs("big", 500);
    submit(big);
    List<Job> cancelled = big.subList(200, 400);
    cancelled.forEach(store::remove);

    List<AttemptId> run = run(300);

    assertThat(run).doesNotContainAnyElementsOf(ids(cancelled));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyJobRunsOnceWhateverTheHistory(long seed) throws Exception {
    Random random = new Random(seed);
    start(5 + random.nextInt(60));
    Set<AttemptId> submitted = new HashSet<>();
    Map<AttemptId, Integer> runs = new HashMap<>();
    List<Job> leased = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          List<Job> some =
              IntStream.range(0, 1 + random.nextInt(40))
                  .mapToObj(_ -> job(group(random), random.nextInt(10)))
                  .toList();
          submit(some);
          submitted.addAll(ids(some));
        }
        case 2 -> {
          if (random.nextBoolean()) {
            limit(1 + random.nextInt(4));
          } else {
            limits = new LimitTable(limits.version() + 1, Map.of(), Map.of());
          }
        }
        case 3 -> {
          queue.release("w", leased);
          leased.clear();
        }
        default -> {
          for (Job job : takeNow(1 + random.nextInt(20))) {
            if (random.nextInt(4) == 0) {
              leased.add(job);
            } else {
              runs.merge(job.attemptId(), 1, Integer::sum);
              finish(List.of(job));
              if (random.nextInt(10) == 0) {
                Job next = job.cancel(NOW).after().retry(NOW).after();
                submit(List.of(next));
                submitted.add(next.attemptId());
              }
            }
          }
        }
      }
    }
    queue.release("w", leased);
    run(submitted.size() - runs.size()).forEach(attempt -> runs.merge(attempt, 1, Integer::sum));

    assertThat(runs.keySet()).isEqualTo(submitted);
    assertThat(runs.values()).containsOnly(1);
  }

  private static @Nullable String group(Random random) {
    int group = random.nextInt(12);
    return group == 11 ? null : "g" + Math.max(0, group - 5); // one has half of the jobs
  }

  private void start(int windowJobs) {
    LocalConfig config = new LocalConfig();
    config.setWindowJobs(windowJobs);
    queue = new LocalReadyQueue(store, store, config);
    queue.start();
  }

  private void limit(int running) {
    limits =
        new LimitTable(
            limits.version() + 1,
            Map.of("q", new Limits(null, running, null, null, null, null, Map.of())),
            Map.of());
  }

  private void submit(List<Job> jobs) {
    jobs.forEach(store::add);
    queue.push(jobs);
  }

  /** Takes and finishes so many jobs. */
  private List<AttemptId> run(int jobs) throws InterruptedException {
    return runAllBut(Set.of(), jobs);
  }

  /** The same, and those of some groups are kept. */
  private List<AttemptId> runAllBut(Set<String> kept, int jobs) throws InterruptedException {
    List<AttemptId> run = new ArrayList<>();
    while (run.size() < jobs) {
      List<Job> taken = take(Math.min(7, jobs - run.size()));
      assertThat(taken).as("%d of %d jobs", run.size(), jobs).isNotEmpty();
      for (Job job : taken) {
        String group = job.spec().group();
        if (group == null || !kept.contains(group)) {
          finish(List.of(job));
          run.add(job.attemptId());
        }
      }
    }
    return run;
  }

  private List<Job> take(int most) throws InterruptedException {
    return take(most, WAIT);
  }

  private List<Job> takeNow(int most) throws InterruptedException {
    return take(most, Duration.ZERO);
  }

  private List<Job> take(int most, Duration patience) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes("w", Set.of(), most, LEASE, patience).under(limits));
  }

  private void finish(List<Job> taken) {
    taken.forEach(store::remove);
    queue.ack(ids(taken));
  }

  private List<Job> jobs(@Nullable String group, int count) {
    return IntStream.range(0, count).mapToObj(_ -> job(group, 5)).toList();
  }

  private Job job(@Nullable String group, int priority) {
    JobSpec spec = JobSpec.builder("echo", "1").queue("q").priority(priority).group(group).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private static List<AttemptId> ids(List<Job> jobs) {
    return jobs.stream().map(Job::attemptId).toList();
  }
}
