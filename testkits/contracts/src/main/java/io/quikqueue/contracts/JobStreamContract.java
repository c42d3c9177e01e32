package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link JobStream} guarantees: what was announced comes out unchanged, the attempts of
 * a job in the order in which they were announced, at positions that rise.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class JobStreamContract {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private JobStream stream;

  /** A stream on which nothing was announced, and from which jobs are dispatched. */
  protected abstract JobStream empty() throws Exception;

  /** All that was dispatched from the stream so far, in that order. May be asked often. */
  protected abstract List<Job> dispatched() throws Exception;

  /** Where that stood in the stream, if it has positions. */
  protected List<StreamRecord.Position> positions() {
    return List.of();
  }

  @BeforeEach
  void startEmpty() throws Exception {
    stream = empty();
  }

  @Test
  void dispatchesWhatWasAnnouncedUnchanged() {
    JobSpec spec =
        JobSpec.builder("greet", "{\"text\":\"zwölf Boxkämpfer \\u0000 € \uD83D\uDE00\"}")
            .queue("mail")
            .priority(3)
            .deadline(NOW.plusSeconds(60))
            .policy(
                new Policy(
                    7,
                    RetryDelays.of(
                        null, null, null, List.of(Duration.ofMillis(1), Duration.ofDays(1)), null),
                    Duration.ofDays(2),
                    Duration.ofHours(1),
                    2))
            .labels(Map.of("tenant", "ä b"))
            .traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .build();
    Job job = submitted(spec);

    stream.announce(List.of(job));

    assertThat(dispatched(1)).containsExactly(job);
  }

  @Test
  void dispatchesAThousandAtATime() {
    List<Job> jobs = jobs("default", 1000);

    stream.announce(jobs);

    assertThat(attemptsOf(dispatched(1000))).containsExactlyInAnyOrderElementsOf(attemptsOf(jobs));
  }

  @Test
  void carriesLargePayloads() {
    List<Job> jobs =
        IntStream.range(0, 5)
            .mapToObj(i -> job("default", "\"" + "0123456789abcde€".repeat(58_254) + i + "\""))
            .toList();

    stream.announce(jobs);

    assertThat(dispatched(5)).containsExactlyInAnyOrderElementsOf(jobs);
  }

  @Test
  void keepsTheOrderOfEachJob() {
    List<Job> jobs = jobs("default", 20);
    for (int attempt = 1; attempt <= 5; attempt++) {
      stream.announce(jobs);
      jobs = jobs.stream().map(job -> job.cancel(NOW).after().retry(NOW).after()).toList();
    }
    Job once = job("default", "1");
    Job again = once.cancel(NOW).after().retry(NOW).after();
    stream.announce(List.of(once, again));

    Map<JobId, List<Integer>> attempts = new HashMap<>();
    for (AttemptId attempt : attemptsOf(dispatched(102))) {
      attempts.computeIfAbsent(attempt.job(), _ -> new ArrayList<>()).add(attempt.number());
    }
    assertThat(attempts.remove(once.id())).containsExactly(1, 2);
    assertThat(attempts.values())
        .hasSize(20)
        .allSatisfy(numbers -> assertThat(numbers).containsExactly(1, 2, 3, 4, 5));
  }

  @Test
  void keepsQueuesWithSimilarNamesApart() {
    List<Job> jobs =
        List.of(
            job("a.b", "1"),
            job("a_b", "2"),
            job("a-b", "3"),
            job("a.b_c-d", "4"),
            job("a_b.c-d", "5"),
            job("0", "6"),
            job("x".repeat(64), "7"));

    stream.announce(jobs);

    assertThat(dispatched(7)).containsExactlyInAnyOrderElementsOf(jobs);
  }

  @Test
  void givesPositionsThatRiseWithinAPartition() {
    for (int batch = 0; batch < 10; batch++) {
      stream.announce(jobs("default", 20));
    }

    Map<String, Long> last = new HashMap<>();
    dispatched(200);
    for (StreamRecord.Position position : positions()) {
      Long before = last.put(position.partition(), position.offset());
      assertThat(before == null || before < position.offset()).isTrue();
    }
  }

  @Test
  void losesNothingWhenManyAnnounceAtOnce() throws Exception {
    List<List<Job>> batches = IntStream.range(0, 40).mapToObj(_ -> jobs("default", 25)).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> announces = new ArrayList<>();
      for (List<Job> batch : batches) {
        announces.add(threads.submit(() -> stream.announce(batch)));
      }
      for (Future<?> announce : announces) {
        announce.get();
      }
    }

    assertThat(attemptsOf(dispatched(1000)))
        .containsExactlyInAnyOrderElementsOf(
            attemptsOf(batches.stream().flatMap(List::stream).toList()));
  }

  @Test
  void announcesNothingOfABatchWithAJobThatIsNotQueued() {
    Job queued = job("default", "1");
    Job cancelled = job("default", "2").cancel(NOW).after();

    assertThatThrownBy(() -> stream.announce(List.of(queued, cancelled)))
        .isInstanceOf(IllegalArgumentException.class);

    Job next = job("default", "3");
    stream.announce(List.of());
    stream.announce(List.of(next));
    assertThat(attemptsOf(dispatched(1))).containsExactly(next.attemptId());
  }

  @Test
  void hasNoLagOnceAllIsDispatched() {
    stream.announce(jobs("default", 100));
    stream.announce(jobs("other", 100));
    dispatched(200);

    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(stream.lag()).isZero());
  }

  /** Waits until this many jobs came out. */
  private List<Job> dispatched(int jobs) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(this::dispatched, announced -> announced.size() >= jobs);
  }

  private Job submitted(JobSpec spec) {
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private List<Job> jobs(String queue, int count) {
    return IntStream.range(0, count).mapToObj(i -> job(queue, "{\"n\":" + i + "}")).toList();
  }

  private Job job(String queue, String payload) {
    return submitted(JobSpec.builder("echo", payload).queue(queue).build());
  }

  private static List<AttemptId> attemptsOf(List<Job> jobs) {
    return jobs.stream().map(Job::attemptId).toList();
  }
}
