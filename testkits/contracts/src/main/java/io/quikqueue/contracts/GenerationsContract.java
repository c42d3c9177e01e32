package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.policy.PolicyTable;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link JobStoreContract} that is about retries with another payload. */
abstract class GenerationsContract extends AttemptsContract {

  private static JobSpec with(Job job, String payload) {
    return job.spec().toBuilder().payload(payload).build();
  }

  private Transition edit(Job job, String payload) {
    return job.retry(with(job, payload), tick());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 70_000})
  void aRetryWithAnotherPayloadIsANewGeneration(int length) {
    Policy patient = Policy.DEFAULT.withTimeout(Duration.ofSeconds(7));
    String old = "\"" + "o".repeat(length) + "\"";
    String fresh = "\"" + "n".repeat(length) + "\"";
    Job failed = stored(jobs.aJob().payload(old), JobState.FAILED);
    JobSpec wanted = with(failed, fresh).toBuilder().priority(2).policy(patient).build();

    Job edited = saved(failed.retry(wanted, tick()));

    Job now = found(failed.id());
    assertThat(now).isEqualTo(edited);
    assertThat(now.spec()).isEqualTo(wanted);
    assertThat(now.generation()).isEqualTo(2);
    assertThat(now.attempt()).isEqualTo(failed.attempt() + 1);
    assertThat(stores.jobs().generations(now.id()))
        .containsExactly(
            new Generation(
                1,
                old,
                JobState.FAILED,
                failed.attempt(),
                failed.error(),
                failed.finishedAt(),
                edited.updatedAt()));
  }

  @Test
  void anAttemptTellsOfWhichGenerationItIs() {
    Job first = stored(jobs.aJob(), JobState.FAILED);
    Job second = saved(saved(edit(first, "2")), Verb.START);
    Job cancelled = saved(second, Verb.CANCEL);
    Job third = saved(edit(cancelled, "3"));
    saved(saved(third, Verb.START), Verb.SUCCEED);

    assertThat(stores.jobs().attempts(first.id()))
        .extracting(AttemptRecord::number, AttemptRecord::generation)
        .containsExactly(tuple(1, 1), tuple(2, 2), tuple(3, 3));
    assertThat(stores.jobs().generations(first.id()))
        .extracting(Generation::number, Generation::state)
        .containsExactly(tuple(2, JobState.CANCELLED), tuple(1, JobState.FAILED));
  }

  @Test
  void aRetryWithoutChangesIsOfTheSameGeneration() {
    Job failed = stored(jobs.aJob(), JobState.FAILED);

    Job retried = saved(failed, Verb.RETRY);

    assertThat(found(failed.id()).generation()).isEqualTo(1);
    assertThat(stores.jobs().generations(retried.id())).isEmpty();
  }

  @Test
  void anotherPolicyIsKeptAndIsNoGeneration() {
    Policy own = new RetryOptions(7, null, null, null).over(Policy.DEFAULT);
    Job retrying = stored(jobs.aJob().policy(own), JobState.RETRYING);
    PolicyTable table =
        new PolicyTable(
            1,
            Map.of(
                retrying.spec().type(),
                new PolicyOptions(
                    new RetryOptions(
                        9,
                        RetryDelays.of(null, null, null, List.of(Duration.ofSeconds(1)), null),
                        Duration.ofHours(1),
                        1),
                    Duration.ofSeconds(3))),
            Map.of());
    Transition wake = retrying.wake(tick()).withPolicy(table.of(retrying.spec()));

    SaveResult result = stores.jobs().save(List.of(wake));

    Job now = found(retrying.id());
    assertThat(result.ready()).containsExactly(now);
    assertThat(now.spec().policy().maxAttempts()).isEqualTo(7);
    assertThat(now.spec().policy().timeout()).hasSeconds(3);
    assertThat(now.spec()).isEqualTo(table.complete(retrying.spec()));
    assertThat(stores.jobs().generations(now.id())).isEmpty();
  }

  @Test
  void theLastGenerationsAreKept() {
    Job job = stored(jobs.aJob().payload("1"), JobState.FAILED);
    for (int i = 2; i <= Generation.MOST_KEPT + 3; i++) {
      job = saved(saved(edit(job, Integer.toString(i))), Verb.CANCEL);
    }

    assertThat(stores.jobs().generations(job.id()))
        .extracting(Generation::number)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(3, Generation.MOST_KEPT + 2).boxed().toList().reversed());
  }

  @Test
  void largePayloadsAreKeptUpToABound() {
    int half = Generation.MOST_CHARS / 2 - 2;
    Job job = stored(jobs.aJob().payload("\"" + "a".repeat(half) + "\""), JobState.FAILED);
    job = saved(saved(edit(job, "\"" + "b".repeat(half) + "\"")), Verb.CANCEL);
    job = saved(saved(edit(job, "1")), Verb.CANCEL);
    assertThat(stores.jobs().generations(job.id())).hasSize(2);

    job = saved(saved(edit(job, "2")), Verb.CANCEL);

    assertThat(stores.jobs().generations(job.id()))
        .extracting(Generation::number)
        .containsExactly(3, 2);
  }

  @Test
  void generationsGoWithTheirJob() {
    Job job = stored(jobs.aJob(), JobState.FAILED);
    job = saved(saved(edit(job, "2")), Verb.CANCEL);

    assertThat(stores.jobs().deleteEnded(Set.of(job.id()))).isEqualTo(1);

    assertThat(stores.jobs().generations(job.id())).isEmpty();
  }

  @Test
  void ofSeveralRetriesAtOnceOneHasAnEffect() throws InterruptedException {
    Job failed = stored(jobs.aJob().payload("0"), JobState.FAILED);
    List<Callable<Set<AttemptId>>> retries = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Transition edit = edit(failed, Integer.toString(i));
      retries.add(() -> save(edit));
    }

    List<Set<AttemptId>> applied = atOnce(retries);

    assertThat(applied).filteredOn(each -> !each.isEmpty()).hasSize(1);
    int winner = IntStream.range(0, 4).filter(i -> !applied.get(i).isEmpty()).findFirst().orElse(9);
    assertThat(found(failed.id()).spec().payload()).isEqualTo(Integer.toString(winner + 1));
    assertThat(stores.jobs().generations(failed.id())).hasSize(1);
  }

  @Test
  void aRetryThatIsRepeatedSinceItsOutcomeIsUnknownCountsOnce() {
    Job failed = stored(jobs.aJob(), JobState.FAILED);
    Transition edit = edit(failed, "2");
    assertThat(save(edit)).hasSize(1);

    assertThat(save(edit)).hasSize(1);

    assertThat(stores.jobs().generations(failed.id())).hasSize(1);
    Transition other = failed.retry(with(failed, "3"), edit.after().updatedAt());
    assertThat(save(other)).as("at the same time").isEmpty();
    assertThat(found(failed.id()).spec().payload()).isEqualTo("2");
  }

  @Test
  void anEditedJobThatIsUniqueByItsPayloadTakesTheSlotOfTheNewOne() {
    Job failed = stored(unique(slot(1)).payload("1"), JobState.FAILED);
    Unique second = slot(2);
    JobSpec wanted = with(failed, "2").toBuilder().unique(second).build();

    saved(failed.retry(wanted, tick()));

    Job beside = unique(slot(2)).queued();
    assertThat(submitted(beside, OnConflict.REJECT))
        .isEqualTo(new SubmitResult.SlotTaken(found(failed.id())));
    Job free = unique(slot(1)).queued();
    assertThat(submitted(free, OnConflict.REJECT)).isEqualTo(new SubmitResult.Accepted(free));
  }

  @Test
  void anEditedJobDoesNotTakeTheSlotThatAnotherHolds() {
    Job failed = stored(unique(slot(1)).payload("1"), JobState.FAILED);
    Job holder = submitted(unique(slot(2)).queued());
    JobSpec wanted = with(failed, "2").toBuilder().unique(slot(2)).build();

    Transition edit = failed.retry(wanted, tick());
    SaveResult result = stores.jobs().save(List.of(edit));

    assertThat(result.slotTaken()).containsEntry(edit.attempt(), holder.id());
    assertThat(found(failed.id())).isEqualTo(failed);
    assertThat(stores.jobs().generations(failed.id())).isEmpty();
  }

  @Test
  void anEditedJobGoesToTheEndOfItsLine() {
    Job failed = stored(jobs.aJob().with(it -> it.orderingKey("o")), JobState.FAILED);
    Job other = submitted(jobs.aJob().with(it -> it.orderingKey("o")).queued());

    SaveResult result = stores.jobs().save(List.of(edit(failed, "2")));

    assertThat(result.behind()).extracting(job -> job.spec().payload()).containsExactly("2");
    saved(other, Verb.SUCCEED);
    Job released = found(failed.id());
    assertThat(released.state()).isEqualTo(JobState.QUEUED);
    assertThat(released.spec().payload()).isEqualTo("2");
    assertThat(released.generation()).isEqualTo(2);
  }
}
