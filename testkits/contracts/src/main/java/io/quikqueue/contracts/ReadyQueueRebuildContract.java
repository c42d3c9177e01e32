package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ReadyQueueRebuild} guarantees: a wiped ready queue says so until it is marked
 * rebuilt, names what it does not know, and gives the workers of running jobs the time of a lease
 * to speak up before their leases expire.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ReadyQueueRebuildContract {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final Set<String> ALL = Set.of();

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private ReadyQueue queue;
  private ReadyQueueRebuild rebuild;

  /** An empty ready queue. */
  protected abstract ReadyQueue empty() throws Exception;

  /** The other port of the same ready queue. */
  protected abstract ReadyQueueRebuild rebuildOf(ReadyQueue empty);

  /** Makes the ready queue lose everything. */
  protected abstract void wipe() throws Exception;

  /** Lets the ready queue's clock advance by at least this much. */
  protected abstract void letPass(Duration duration);

  /** How long the ready queue under test remembers finished attempts: a minute, by the port. */
  protected Duration memory() {
    return Duration.ofMinutes(1);
  }

  @BeforeEach
  void startEmpty() throws Exception {
    queue = empty();
    rebuild = rebuildOf(queue);
  }

  @Test
  void isBlankUntilMarkedRebuiltAndAgainWhenWiped() throws Exception {
    assertThat(rebuild.blank()).isTrue();
    push(message());
    assertThat(rebuild.blank()).isTrue();

    rebuild.markRebuilt(Duration.ZERO);
    assertThat(rebuild.blank()).isFalse();
    take("w");
    rebuild.markRebuilt(Duration.ZERO);
    assertThat(rebuild.blank()).isFalse();

    wipe();
    assertThat(rebuild.blank()).isTrue();
    rebuild.markRebuilt(Duration.ZERO);
    assertThat(rebuild.blank()).isFalse();
  }

  @Test
  void losesEverythingWhenWiped() throws Exception {
    Job ready = message();
    Job leased = message();
    Job finished = message();
    push(leased);
    take("w");
    push(ready);
    queue.ack(List.of(id(finished)));

    wipe();

    assertThat(queue.depth()).isEmpty();
    assertThat(take("w")).isEmpty();
    assertThat(rebuild.unknown(List.of(id(ready), id(leased), id(finished)))).hasSize(3);
    push(ready);
    assertThat(take("w")).extracting(ReadyQueueRebuildContract::id).containsExactly(id(ready));
  }

  @Test
  void letsWorkersReassertWhatTheyRunAfterAWipe() throws Exception {
    Job running = message();
    push(running);
    take("w");
    wipe();

    assertThat(extend("w", List.of(running), LONG)).isEmpty();
    push(running);

    assertThat(take("v")).isEmpty();
    assertThat(rebuild.unknown(List.of(id(running)))).isEmpty();
  }

  @Test
  void namesTheAttemptsItDoesNotKnow() throws Exception {
    Job leased = message();
    Job ready = message();
    Job finished = message();
    Job unknown = message();
    push(leased);
    take("w");
    push(ready);
    List<AttemptId> asked =
        List.of(id(leased), id(ready), id(finished), id(unknown), id(later(ready)));
    Set<AttemptId> named;
    long begun;
    do { // again when this machine stood still until it was forgotten
      begun = System.nanoTime();
      queue.ack(List.of(id(finished)));
      named = rebuild.unknown(asked);
    } while (named.contains(id(finished)) && ReadyQueueContract.isOver(begun, memory()));
    assertThat(named).containsExactlyInAnyOrder(id(unknown), id(later(ready)));
    assertThat(rebuild.unknown(List.of())).isEmpty();

    letPass(memory());
    assertThat(rebuild.unknown(List.of(id(leased), id(ready), id(finished))))
        .containsExactly(id(finished));
  }

  @Test
  void assumedLeasesExpireInTheirTime() throws Exception {
    Job job;
    List<ExpiredLease> early;
    long begun;
    do { // again when this machine stood still for longer than the lease lasts
      begun = System.nanoTime();
      job = message();
      assumeLeased(List.of(job), SHORT);
      assertThat(take("w")).isEmpty();
      early = queue.reclaimExpired("r", 10, LONG);
    } while (!early.isEmpty() && System.nanoTime() - begun >= SHORT.toNanos());
    assertThat(early).isEmpty();
    push(job);
    assertThat(take("w")).isEmpty();
    letPass(SHORT);
    Job assumed = job;

    assertThat(queue.reclaimExpired("r", 10, LONG))
        .singleElement()
        .satisfies(
            expired -> {
              assertThat(expired.attempt()).isEqualTo(id(assumed));
              assertThat(expired.updatedAt()).isEqualTo(assumed.updatedAt());
              assertThat(expired.holder()).isNull();
            });
    assertThat(queue.reclaimExpired("s", 10, LONG)).isEmpty();
  }

  @Test
  void assumedJobsAreTakenUpByTheirWorkers() throws Exception {
    Job job = message();
    assumeLeased(List.of(job), SHORT);

    assertThat(extend("w", List.of(job), LONG)).isEmpty();
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
    assertThat(extend("v", List.of(job), LONG)).containsExactly(id(job));
    assertThat(extend("w", List.of(job), LONG)).isEmpty();
  }

  @Test
  void assumedJobsAreReadyWhenTheirWorkersHandThemBack() throws Exception {
    Job job = message();
    assumeLeased(List.of(job), SHORT);

    queue.release("w", List.of(job));
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
    assertThat(take("v")).extracting(ReadyQueueRebuildContract::id).containsExactly(id(job));
  }

  @Test
  void assumesNothingAboutKnownAttempts() throws Exception {
    Job leased = message();
    Job ready = message();
    Job finished = message();
    Job superseded = message();
    push(leased);
    take("w");
    push(ready);
    queue.ack(List.of(id(finished)));
    push(later(superseded));

    assumeLeased(List.of(leased, ready, finished, superseded), SHORT);
    letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();
    assertThat(queue.depth()).containsEntry("default", 2L);
    assertThat(extend("w", List.of(leased), LONG)).isEmpty();
  }

  @Test
  void handlesAThousandAtATime() {
    List<Job> jobs = IntStream.range(0, 1000).mapToObj(_ -> message()).toList();
    List<AttemptId> attempts = jobs.stream().map(ReadyQueueRebuildContract::id).toList();

    assertThat(rebuild.unknown(attempts)).containsExactlyInAnyOrderElementsOf(attempts);
    assumeLeased(jobs, LONG);
    assertThat(rebuild.unknown(attempts)).isEmpty();
    assertThat(extend("w", jobs, LONG)).isEmpty();
  }

  private void push(Job message) {
    queue.push(List.of(message));
  }

  private List<Job> take(String worker) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes(worker, ALL, 10, LONG, ZERO));
  }

  private Job message() {
    JobSpec spec = JobSpec.of("echo", "{\"n\":1}");
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  private static Job later(Job message) {
    return message.rescue(NOW).after();
  }

  private Set<AttemptId> extend(String worker, List<Job> running, Duration lease) {
    return queue.extend(worker, running.stream().map(Envelope::of).toList(), lease);
  }

  private void assumeLeased(List<Job> running, Duration lease) {
    rebuild.assumeLeased(running.stream().map(Envelope::of).toList(), lease);
  }

  private static AttemptId id(Job message) {
    return message.attemptId();
  }
}
