package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.DispatchTarget;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link DispatchTarget} guarantees: what comes out of a stream is ready once, however
 * often it is delivered, and whatever the ready queue has forgotten since.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class DispatchTargetContract {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  private ReadyQueue queue;
  private DispatchTarget target;

  /** An empty ready queue. */
  protected abstract ReadyQueue empty() throws Exception;

  /** The port for dispatch of the same ready queue. */
  protected abstract DispatchTarget targetOf(ReadyQueue empty);

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
    target = targetOf(queue);
  }

  @Test
  void ofWhatIsParkedOnlyThePositionIsNoted() throws Exception {
    Job parked = jobOfGroup("a");
    Job other = jobOfGroup("b");
    StreamRecord first = StreamRecords.of(parked, "t-0", 0);
    StreamRecord second = StreamRecords.of(other, "t-0", 1);

    target.dispatch(List.of(first, second), Set.of(parked.attemptId()));
    target.dispatch(List.of(first, second));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 10, LONG, ZERO)))
        .containsExactly(other);
    queue.push(List.of(parked));
    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 10, LONG, ZERO)))
        .containsExactly(parked);
  }

  @Test
  void anAttemptThatIsParkedReplacesTheOneBefore() throws Exception {
    Job first = jobOfGroup("a");
    Job leased = jobOfGroup("a");
    target.dispatch(List.of(StreamRecords.of(leased, "t-0", 0)));
    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 1, LONG, ZERO)))
        .containsExactly(leased);
    target.dispatch(List.of(StreamRecords.of(first, "t-0", 1)));
    Job second = first.cancel(NOW).after().retry(NOW).after();
    Job third = leased.cancel(NOW).after().retry(NOW).after();

    target.dispatch(
        List.of(StreamRecords.of(second, "t-0", 2), StreamRecords.of(third, "t-0", 3)),
        Set.of(second.attemptId(), third.attemptId()));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 10, LONG, ZERO))).isEmpty();
    assertThat(queue.extend("w", List.of(Envelope.of(leased)), LONG))
        .containsExactly(leased.attemptId());
    queue.push(List.of(first, second, third));
    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 10, LONG, ZERO)))
        .containsExactly(second, third);
  }

  private Job jobOfGroup(String group) {
    JobSpec spec = JobSpec.builder("echo", "1").queue("q").group(group).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  @Test
  void handsOverWhatWasDispatchedUnchanged() throws Exception {
    JobSpec spec =
        JobSpec.builder("greet", "{\"text\":\"zwölf \\u0000 €\uD83D\uDE00\"}")
            .queue("mail")
            .priority(3)
            .deadline(NOW.plusSeconds(60))
            .labels(Map.of("tenant", "a b"))
            .build();
    Job job = Job.submit(ids.next(), spec, null, false, NOW).job();

    dispatch(StreamRecords.of(job, "t-0", 0));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", Set.of(), 10, LONG, ZERO)))
        .containsExactly(job);
  }

  @Test
  void answersWithTheDepthOfTheQueuesInTheBatch() {
    queue.push(List.of(job("a"), job("b")));

    assertThat(target.dispatch(List.of(at(job("b"), "t-0", 0), at(job("c"), "t-1", 0))))
        .containsExactlyInAnyOrderEntriesOf(Map.of("b", 2L, "c", 1L));
    assertThat(target.dispatch(List.of())).isEmpty();
    assertThat(target.depth()).isEqualTo(queue.depth()).containsEntry("a", 1L);
  }

  @Test
  void handlesAThousandAtATime() throws Exception {
    List<StreamRecord> batch =
        IntStream.range(0, 1000).mapToObj(i -> at(job("a"), "t-0", i)).toList();

    assertThat(target.dispatch(batch)).containsEntry("a", 1000L);
    assertThat(target.dispatch(batch)).containsEntry("a", 1000L);
    assertThat(take(1000)).isEqualTo(StreamRecords.attempts(batch));
  }

  @Test
  void ignoresAnAttemptThatIsKnown() throws Exception {
    Job ready = job("a");
    Job leased = job("a");
    Job finished = job("a");
    queue.push(List.of(leased));
    take(1);
    queue.push(List.of(ready));
    queue.ack(List.of(finished.attemptId()));

    assertThat(dispatch(at(ready, "t-0", 0), at(leased, "t-0", 1), at(finished, "t-0", 2)))
        .containsEntry("a", 1L);
    assertThat(take(10)).containsExactly(ready.attemptId());
  }

  @Test
  void replacesAnAttemptByAHigherOne() throws Exception {
    Job first = job("a");
    Job second = first.rescue(NOW).after();
    dispatch(at(first, "t-0", 0));
    dispatch(at(second, "t-0", 1), at(first, "t-0", 2));

    assertThat(take(10)).containsExactly(second.attemptId());
  }

  @Test
  void skipsWhatLiesAtOrBelowTheLastPositionOfItsPartition() throws Exception {
    Job a = job("a");
    Job d = job("a");
    dispatch(at(a, "t-0", 41));
    dispatch(at(job("a"), "t-0", 41), at(job("a"), "t-0", 40));
    dispatch(at(d, "t-0", 42));

    assertThat(take(10)).containsExactly(a.attemptId(), d.attemptId());
  }

  @Test
  void remembersThePositionOfWhatItIgnored() throws Exception {
    Job a = job("a");
    dispatch(at(a, "t-0", 1), at(a, "t-0", 2));
    dispatch(at(job("a"), "t-0", 2));

    assertThat(take(10)).containsExactly(a.attemptId());
  }

  @Test
  void comparesPositionsOfOnePartitionOnly() throws Exception {
    Job a = job("a");
    Job b = job("a");
    Job c = job("a");
    dispatch(at(a, "t-0", 1_000_000_000_000L), at(b, "t-1", 0));
    queue.push(List.of(c)); // has none

    assertThat(take(10)).containsExactly(a.attemptId(), b.attemptId(), c.attemptId());
  }

  @Test
  void skipsARedeliveredBatchEvenWhenItsJobsAreForgotten() throws Exception {
    List<StreamRecord> batch = List.of(at(job("a"), "t-0", 7), at(job("a"), "t-0", 8));
    target.dispatch(batch);
    queue.ack(take(10));
    letPass(memory());

    assertThat(target.dispatch(batch)).containsEntry("a", 0L);
    assertThat(take(10)).isEmpty();
  }

  @Test
  void forgetsPositionsWhenWiped() throws Exception {
    Job job = job("a");
    dispatch(at(job, "t-0", 9));

    wipe();

    dispatch(at(job, "t-0", 9));
    assertThat(take(10)).containsExactly(job.attemptId());
  }

  private Map<String, Long> dispatch(StreamRecord... records) {
    return target.dispatch(List.of(records));
  }

  private List<AttemptId> take(int limit) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes("w", Set.of(), limit, LONG, ZERO)).stream()
        .map(Job::attemptId)
        .toList();
  }

  private static StreamRecord at(Job job, String partition, long offset) {
    return StreamRecords.of(job, partition, offset);
  }

  private Job job(String queueName) {
    JobSpec spec = JobSpec.builder("echo", "{\"n\":1}").queue(queueName).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }
}
