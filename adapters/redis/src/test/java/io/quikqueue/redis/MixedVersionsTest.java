package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.FormerBodies;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Consumers, workers and schedulers of the version before envelopes beside those of this one. */
final class MixedVersionsTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final List<Job> JOBS =
      FormerBodies.all().stream().map(FormerBodies.Written::job).toList();

  private final TestQueues queues = new TestQueues();
  private final RedisReadyQueue queue = queues.open();
  private final FormerRedisClient former = queues.openFormer();

  @AfterEach
  void close() {
    former.close();
    queues.close();
  }

  @Test
  void workersTakeWhatTheFormerConsumerPushed() throws Exception {
    pushAsFormer();

    assertThat(take("w", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);
  }

  @Test
  void formerWorkersTakeWhatConsumersPush() {
    queue.push(JOBS);

    assertThat(former.take("w", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);
  }

  @Test
  void whatEitherVersionReleasesTheOtherTakes() throws Exception {
    pushAsFormer();
    take("w", LONG);
    queue.release("w", JOBS);
    assertThat(former.take("former", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);

    JOBS.forEach(job -> former.release("former", job, JobBody.write(job)));
    assertThat(take("w", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);
  }

  @Test
  void rescuersTakeOverWhatFormerWorkersHold() throws Exception {
    Job taken = JOBS.get(0);
    Job reasserted = JOBS.get(1);
    former.push(taken, JobBody.write(taken));
    former.take("former", SHORT);
    assertThat(former.extend("former", reasserted, JobBody.write(reasserted), SHORT)).isZero();
    TestQueues.letPass(SHORT);

    assertThat(queue.reclaimExpired("r", 10, LONG))
        .containsExactlyInAnyOrder(expired(taken, "former"), expired(reasserted, "former"));
  }

  @Test
  void formerRescuersTakeOverWhatWasTaken() throws Exception {
    queue.push(JOBS);
    take("w", SHORT);
    TestQueues.letPass(SHORT);

    assertThat(former.reclaimExpired("r", LONG))
        .containsExactlyInAnyOrderElementsOf(
            JOBS.stream().map(job -> new FormerRedisClient.Expired(job, "w")).toList());
  }

  /** After a wipe a worker gives no body, which a former rescuer needs: the sweep helps. */
  @Test
  void formerRescuersDropWhatHasNoBody() throws Exception {
    Job job = JOBS.get(1);
    assertThat(queue.extend("w", List.of(Envelope.of(job)), SHORT)).isEmpty();
    assertThat(former.take("former", LONG)).isEmpty();
    assertThat(former.extend("former", job, JobBody.write(job), LONG)).isOne();
    TestQueues.letPass(SHORT);

    assertThat(former.reclaimExpired("r", LONG)).isEmpty();

    assertThat(queue.unknown(List.of(job.attemptId()))).containsExactly(job.attemptId());
    former.push(job, JobBody.write(job));
    assertThat(take("w", LONG)).containsExactly(job);
  }

  @Test
  void formerWorkersTakeUpWhatIsAssumedToBeLeased() throws Exception {
    queue.assumeLeased(JOBS.stream().map(Envelope::of).toList(), SHORT);
    for (Job job : JOBS) {
      assertThat(former.extend("former", job, JobBody.write(job), LONG)).isZero();
    }
    TestQueues.letPass(SHORT);
    assertThat(queue.reclaimExpired("r", 10, LONG)).isEmpty();

    JOBS.forEach(job -> former.release("former", job, JobBody.write(job)));

    assertThat(take("w", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);
  }

  private static ExpiredLease expired(Job job, String holder) {
    return new ExpiredLease(job.attemptId(), job.updatedAt(), holder);
  }

  private void pushAsFormer() {
    FormerBodies.all().forEach(written -> former.push(written.job(), written.bytes()));
  }

  private List<Job> take(String worker, Duration lease) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes(worker, Set.of(), 10, lease, Duration.ZERO)).stream()
        .toList();
  }
}
