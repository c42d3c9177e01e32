package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.StreamRecords;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.LimitTable;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.GroupWindows.Claim;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The windows of groups in Redis. */
final class RedisGroupWindowsTest {

  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration CLAIM = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final long ROOM = 20_000;
  private static final Limits ONE = new Limits(null, 1, null, null, null, null, Map.of());
  private static final int WINDOW = ONE.window();
  private static final GroupOfQueue BIG = new GroupOfQueue("q", "big % one/x");

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private final TestQueues queues = new TestQueues();
  private final RedisReadyQueue queue = queues.open();
  private final GroupWindows windows = queue.windows();
  private long version;
  private long offset;

  @AfterEach
  void close() {
    queues.close();
  }

  @Test
  void withoutLimitsThereAreNoWindows() {
    queue.push(jobs(500, 5));

    assertThat(windows.beyond(envelopes(jobs(500, 5)), ROOM)).isEmpty();
    assertThat(windows.claim(10, CLAIM)).isEmpty();
  }

  @Test
  void whatComesAfterAFullWindowIsBeyond() throws Exception {
    limit(ONE);
    List<Job> all = jobs(100, 5);
    List<Job> others = List.of(job("other", 5));

    assertThat(windows.beyond(envelopes(all), ROOM))
        .containsExactlyInAnyOrderElementsOf(attempts(all.subList(WINDOW, 100)));
    queue.push(all.subList(0, 10));
    assertThat(windows.beyond(envelopes(all.subList(10, 100)), ROOM))
        .containsExactlyInAnyOrderElementsOf(attempts(all.subList(WINDOW, 100)));
    assertThat(windows.beyond(envelopes(others), ROOM)).isEmpty();
  }

  @Test
  void windowsAreAsLargeAsTheDomainSays() throws Exception {
    Limits limits = new Limits(null, 30, null, null, null, null, Map.of());
    limit(limits);
    for (int i = 0; i < 9; i++) {
      queue.push(List.of(job("g" + i, 5)));
    }
    queue.push(List.of(job(BIG.group(), 5)));
    List<Job> all = jobs(500, 5);

    for (long room : new long[] {100_000, 2_000, 300, 20}) {
      assertThat(all.size() + 1 - windows.beyond(envelopes(all), room).size())
          .as("room %d", room)
          .isEqualTo(limits.window(room, 10));
    }
  }

  @Test
  void behindParkedJobsAllAreBeyondButBetterOnes() throws Exception {
    limit(ONE);
    dispatch(jobs(3, 5), true);

    assertThat(windows.beyond(envelopes(jobs(2, 5)), ROOM)).hasSize(2);
    assertThat(windows.beyond(envelopes(jobs(2, 6)), ROOM)).hasSize(2);
    assertThat(windows.beyond(envelopes(jobs(2, 4)), ROOM)).isEmpty();
  }

  @Test
  void aWindowThatRunsLowIsClaimedOnce() throws Exception {
    limit(ONE);
    dispatch(jobs(WINDOW, 5), false);
    dispatch(jobs(3, 5), true);
    assertThat(windows.claim(10, CLAIM)).isEmpty();

    run(WINDOW / 2 - 1);
    assertThat(windows.claim(10, CLAIM)).isEmpty();
    run(1);

    List<Claim> claims = windows.claim(10, CLAIM);
    assertThat(claims).hasSize(1);
    assertThat(claims.getFirst().group()).isEqualTo(BIG);
    assertThat(claims.getFirst().room()).isEqualTo(WINDOW / 2);
    assertThat(windows.claim(10, CLAIM)).isEmpty();
  }

  @Test
  void aClaimThatNobodyEndsIsForOthersLater() throws Exception {
    limit(ONE);
    dispatch(jobs(3, 5), true);

    assertThat(windows.claim(10, Duration.ofMillis(20))).hasSize(1);
    TestQueues.letPass(Duration.ofMillis(20));

    assertThat(windows.claim(10, CLAIM)).hasSize(1);
  }

  @Test
  void aGroupWithoutParkedJobsIsClaimedNoMore() throws Exception {
    limit(ONE);
    dispatch(jobs(3, 5), true);
    Claim claim = windows.claim(10, CLAIM).getFirst();

    assertThat(windows.filled(claim, null)).isTrue();

    assertThat(windows.claim(10, CLAIM)).isEmpty();
    assertThat(windows.beyond(envelopes(jobs(2, 5)), ROOM)).isEmpty();
  }

  @Test
  void whatIsParkedDuringAClaimIsNotForgotten() throws Exception {
    limit(ONE);
    dispatch(jobs(3, 5), true);
    Claim claim = windows.claim(10, CLAIM).getFirst();
    dispatch(jobs(1, 5), true);

    assertThat(windows.filled(claim, null)).isTrue();

    assertThat(windows.claim(10, CLAIM)).hasSize(1);
  }

  @Test
  void whoFilledKnowsOfAWipe() throws Exception {
    limit(ONE);
    dispatch(jobs(3, 5), true);
    Claim claim = windows.claim(10, CLAIM).getFirst();
    queues.deleteKeys();
    assertThat(windows.filled(claim, 5)).isFalse();
    TestQueues.letPass(Duration.ofMillis(1));

    windows.parked(List.of(BIG));

    assertThat(windows.filled(claim, 5)).isFalse();
    assertThat(windows.claim(10, CLAIM)).extracting(Claim::group).containsExactly(BIG);
  }

  @Test
  void withoutTheLimitParkedJobsAreWantedAtOnce() throws Exception {
    limit(ONE);
    dispatch(jobs(WINDOW, 5), false);
    dispatch(jobs(3, 5), true);
    assertThat(windows.claim(10, CLAIM)).isEmpty();

    limit(Limits.NONE);

    assertThat(windows.claim(10, CLAIM)).extracting(Claim::group).containsExactly(BIG);
  }

  private void limit(Limits limits) throws InterruptedException {
    queue.markRebuilt(Duration.ZERO);
    version++;
    LimitTable table = new LimitTable(version, Map.of("q", limits), Map.of());
    queue.take(TakeRequest.ofAllTypes("w", Set.of("none"), 1, LEASE, Duration.ZERO).under(table));
  }

  private List<Job> take(int most) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes("w", Set.of(), most, LEASE, Duration.ZERO));
  }

  private void run(int jobs) throws InterruptedException {
    for (int i = 0; i < jobs; i++) {
      List<Job> taken = take(1);
      assertThat(taken).hasSize(1);
      queue.ack(attempts(taken));
    }
  }

  private void dispatch(List<Job> jobs, boolean parked) {
    List<StreamRecord> batch = new ArrayList<>();
    for (Job job : jobs) {
      batch.add(StreamRecords.of(job, "p-0", offset++));
    }
    queue.dispatch(batch, parked ? Set.copyOf(attempts(jobs)) : Set.of());
  }

  private List<Job> jobs(int count, int priority) {
    return IntStream.range(0, count).mapToObj(_ -> job(BIG.group(), priority)).toList();
  }

  private Job job(@Nullable String group, int priority) {
    JobSpec spec = JobSpec.builder("echo", "1").queue("q").priority(priority).group(group).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private static List<Envelope> envelopes(List<Job> jobs) {
    return jobs.stream().map(Envelope::of).toList();
  }

  private static List<AttemptId> attempts(List<Job> jobs) {
    return jobs.stream().map(Job::attemptId).toList();
  }
}
