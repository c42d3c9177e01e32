package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a {@link io.quikqueue.domain.port.JobStore} keeps to the number of jobs that may wait. */
public abstract class MaxWaitingContract extends StoreContract {

  @Test
  void oneMoreThanMayWaitIsRefused() {
    assertThat(submit(inQueue("a", 2), inQueue("a", 2), inQueue("a", 2), inQueue("a", 2)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            MaxWaitingContract::accepted,
            third -> assertThat(third).isEqualTo(new SubmitResult.Full("a", null, 2, 2)),
            fourth -> assertThat(fourth).isEqualTo(new SubmitResult.Full("a", null, 2, 2)));
    assertThat(stores.queues().find("a").orElseThrow().submitted()).isEqualTo(2);
    assertThat(submit(inQueue("a", 2)).getFirst()).isInstanceOf(SubmitResult.Full.class);
    accepted(submit(inQueue("a", 3)).getFirst());
  }

  @Test
  void otherQueuesAndThoseWithoutALimitAreNotConcerned() {
    submit(inQueue("a", 1));

    assertThat(submit(inQueue("b", 1), inQueue("a", 1), inQueue("c", null), inQueue("b", 1)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            second -> assertThat(second).isEqualTo(new SubmitResult.Full("a", null, 1, 1)),
            MaxWaitingContract::accepted,
            fourth -> assertThat(fourth).isEqualTo(new SubmitResult.Full("b", null, 1, 1)));
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsIsWhatIsNotOverAndNotRunning(JobState state) {
    stored(jobs.aJob().queue("a"), state);

    SubmitResult next = submit(inQueue("a", 1)).getFirst();

    assertThat(next instanceof SubmitResult.Full).isEqualTo(state.waiting());
  }

  @Test
  void jobsThatWereThereBeforeTheLimitCount() {
    submit(inQueue("a", null), inQueue("a", null), inQueue("a", null));

    assertThat(submit(inQueue("a", 2)).getFirst())
        .isEqualTo(new SubmitResult.Full("a", null, 3, 2));
  }

  @Test
  void aJobThatComesBackCountsAndIsNotRefused() {
    Job first = job(inQueue("a", 1));
    submitted(first);
    Job running = saved(first, Verb.START);
    accepted(submit(inQueue("a", 1)).getFirst());

    saved(running, Verb.FAIL);

    assertThat(submit(inQueue("a", 1)).getFirst())
        .isEqualTo(new SubmitResult.Full("a", null, 2, 1));
  }

  @Test
  void anEarlierRequestIsAnsweredWhenTheQueueIsFull() {
    IdempotencyKey key = Jobs.aKey("k", 1);
    Submission first = inQueue("a", 1, key);
    accepted(submit(first).getFirst());

    assertThat(submit(inQueue("a", 1, key)).getFirst())
        .isEqualTo(new SubmitResult.Replayed(first.job()));
  }

  @Test
  void aRefusedJobDoesNotUseUpItsKey() {
    Job holder = job(inQueue("a", 1));
    submitted(holder);
    IdempotencyKey key = Jobs.aKey("k", 1);
    assertThat(submit(inQueue("a", 1, key), inQueue("a", 1, key)))
        .containsOnly(new SubmitResult.Full("a", null, 1, 1));
    saved(holder, Verb.CANCEL);

    accepted(submit(inQueue("a", 1, Jobs.aKey("k", 2))).getFirst());
  }

  @Test
  void aJobThatIsStoredAlreadyIsNotRefused() {
    Submission first = inQueue("a", 1);
    submit(first);

    assertThat(submit(first, inQueue("a", 1)))
        .satisfiesExactly(
            MaxWaitingContract::accepted,
            second -> assertThat(second).isEqualTo(new SubmitResult.Full("a", null, 1, 1)));
  }

  @Test
  void concurrentSubmitsTogetherKeepToTheLimit() throws InterruptedException {
    List<Callable<List<SubmitResult>>> submits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Submission[] ten =
          Stream.generate(() -> inQueue("a", 25)).limit(10).toArray(Submission[]::new);
      submits.add(() -> submit(ten));
    }

    List<SubmitResult> answers = atOnce(submits).stream().flatMap(List::stream).toList();

    assertThat(answers).filteredOn(SubmitResult.Accepted.class::isInstance).hasSize(25);
    assertThat(answers)
        .filteredOn(SubmitResult.Full.class::isInstance)
        .hasSize(15)
        .containsOnly(new SubmitResult.Full("a", null, 25, 25));
  }

  private List<SubmitResult> submit(Submission... submissions) {
    return stores.jobs().submit(List.of(submissions));
  }

  private static void accepted(SubmitResult answer) {
    assertThat(answer).isInstanceOf(SubmitResult.Accepted.class);
  }

  private static Job job(Submission submission) {
    return submission.job();
  }

  private Submission inQueue(String queue, @Nullable Integer most) {
    return inQueue(queue, most, null);
  }

  private Submission inQueue(String queue, @Nullable Integer most, @Nullable IdempotencyKey key) {
    Job job = jobs.aJob().queue(queue).queued();
    return new Submission(
        job, key, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE), new MaxWaiting(most, null));
  }
}
