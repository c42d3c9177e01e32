package io.quikqueue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.FormerBodies;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Consumers, workers and schedulers of the version before envelopes beside those of this one. */
final class MixedVersionsTest {

  private static final Duration LONG = Duration.ofMinutes(5);
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
    queue.release("w", JOBS.stream().map(JobMessage::of).toList());
    assertThat(former.take("former", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);

    JOBS.forEach(job -> former.release("former", job, JobBody.write(job)));
    assertThat(take("w", LONG)).containsExactlyInAnyOrderElementsOf(JOBS);
  }

  private void pushAsFormer() {
    FormerBodies.all().forEach(written -> former.push(written.job(), written.bytes()));
  }

  private List<Job> take(String worker, Duration lease) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes(worker, Set.of(), 10, lease, Duration.ZERO)).stream()
        .map(JobMessage::job)
        .toList();
  }
}
