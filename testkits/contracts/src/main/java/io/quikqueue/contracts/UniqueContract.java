package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Failure;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The part of {@link JobStoreContract} that is about jobs of which there is one at a time. */
abstract class UniqueContract extends KeysContract {

  private static final OnConflict EXISTING =
      new OnConflict(OnConflict.Kind.RETURN_EXISTING, null, null);
  static final OnConflict REPLACE = new OnConflict(OnConflict.Kind.REPLACE, null, null);

  static Unique slot(int number) {
    return slot(number, Unique.UNTIL_ENDED, null);
  }

  static Unique slot(int number, Set<JobState> states, @Nullable Duration holdsFor) {
    return new Unique(
        Unique.Within.QUEUE, "k;ä " + number, "%064x".formatted(number), states, holdsFor);
  }

  JobFixture unique() {
    return unique(slot(1));
  }

  JobFixture unique(Unique unique) {
    return jobs.aJob().with(it -> it.unique(unique));
  }

  SubmitResult submitted(Job job, OnConflict onConflict) {
    return submitted(job, null, onConflict);
  }

  SubmitResult submitted(Job job, @Nullable IdempotencyKey key, OnConflict onConflict) {
    Instant expires = job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE);
    return stores.jobs().submit(List.of(new Submission(job, key, expires, onConflict))).getFirst();
  }

  @Test
  void whatMakesAJobUniqueIsKept() {
    Job whole = submitted(unique().queued());
    Unique some = slot(2, EnumSet.of(JobState.QUEUED, JobState.DONE), Duration.ofMillis(1500));
    Job other = submitted(unique(some).queued());
    Unique unnamed = new Unique(Unique.Within.TYPE, null, "f".repeat(64), Unique.UNTIL_ENDED, null);
    Job third = submitted(unique(unnamed).queued());

    assertThat(found(whole.id())).isEqualTo(whole);
    assertThat(found(other.id())).isEqualTo(other);
    assertThat(found(third.id())).isEqualTo(third);
  }

  @ParameterizedTest
  @EnumSource
  void aJobHoldsItsSlotUntilItHasEnded(JobState state) {
    Job first = stored(unique(), state);
    Job second = unique().queued();

    SubmitResult answer = submitted(second, OnConflict.REJECT);

    if (state.terminal()) {
      assertThat(answer).isEqualTo(new SubmitResult.Accepted(second));
      assertThat(submitted(unique().queued(), OnConflict.REJECT))
          .isEqualTo(new SubmitResult.SlotTaken(second));
    } else {
      assertThat(answer).isEqualTo(new SubmitResult.SlotTaken(found(first.id())));
      assertThat(allJobs()).containsExactly(first.id());
    }
  }

  @Test
  void otherSlotsAndJobsWithoutOneAreFree() {
    submitted(unique().queued());

    submitted(unique(slot(2)).queued());
    submitted(jobs.aQueuedJob());

    assertThat(allJobs()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void aJobHoldsItsSlotInTheStatesThatItNames(JobState state) {
    Set<JobState> states = EnumSet.of(JobState.QUEUED, JobState.RETRYING, JobState.DONE);
    Job first = stored(unique(slot(1, states, null)), state);
    Job second = unique().queued();

    assertThat(submitted(second, OnConflict.REJECT))
        .isEqualTo(
            states.contains(state)
                ? new SubmitResult.SlotTaken(found(first.id()))
                : new SubmitResult.Accepted(second));
  }

  @Test
  void aJobHoldsItsSlotForSoLong() {
    Job first = submitted(unique(slot(1, Unique.UNTIL_ENDED, Duration.ofSeconds(60))).queued());
    Instant over = first.createdAt().plusSeconds(60);
    Job second = unique().at(over).queued();

    assertThat(submitted(unique().at(over.minusNanos(1000)).queued(), OnConflict.REJECT))
        .isEqualTo(new SubmitResult.SlotTaken(first));
    assertThat(submitted(second, OnConflict.REJECT)).isEqualTo(new SubmitResult.Accepted(second));
    assertThat(allJobs()).containsExactlyInAnyOrder(first.id(), second.id());
  }

  @Test
  void aSlotIsFreeWhenItsJobIsDeleted() {
    Set<JobState> ever = EnumSet.copyOf(Unique.ANY);
    Job first = submitted(unique(slot(1, ever, null)).queued());
    saved(first, Verb.SUCCEED);
    assertThat(submitted(unique().queued(), OnConflict.REJECT))
        .isEqualTo(new SubmitResult.SlotTaken(found(first.id())));

    stores.jobs().deleteEnded(Set.of(first.id()));

    Job second = unique(slot(1, ever, null)).queued();
    assertThat(submitted(second, OnConflict.REJECT)).isEqualTo(new SubmitResult.Accepted(second));
    saved(second, Verb.CANCEL);
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);
    Job third = unique().queued();
    assertThat(submitted(third, OnConflict.REJECT)).isEqualTo(new SubmitResult.Accepted(third));
  }

  @Test
  void deletingAnEarlierOwnerDoesNotFreeTheSlot() {
    Job first = submitted(unique().queued());
    saved(first, Verb.CANCEL);
    Job second = submitted(unique().queued());

    stores.jobs().deleteEnded(Set.of(first.id()));

    assertThat(submitted(unique().queued(), OnConflict.REJECT))
        .isEqualTo(new SubmitResult.SlotTaken(second));
  }

  @Test
  void theJobThatIsThereIsTheAnswerWhereThatIsWanted() {
    Job first = submitted(unique().payload("1").queued());

    assertThat(submitted(unique().payload("2").queued(), EXISTING))
        .isEqualTo(new SubmitResult.Existing(first));

    assertThat(allJobs()).containsExactly(first.id());
    assertThat(found(first.id())).isEqualTo(first);
  }

  @Test
  void theSameUniqueJobIsAcceptedAgain() {
    Job job = submitted(unique().queued());

    assertThat(submitted(job, OnConflict.REJECT)).isInstanceOf(SubmitResult.Accepted.class);
    saved(job, Verb.CANCEL);
    assertThat(submitted(job, OnConflict.REJECT)).isInstanceOf(SubmitResult.Accepted.class);

    assertThat(allJobs()).containsExactly(job.id());
  }

  @Test
  void ofSeveralInOneCallTheFirstGetsTheSlot() {
    Job first = unique().queued();
    Job free = jobs.aQueuedJob();
    List<Submission> batch =
        List.of(
            new Submission(first, null),
            new Submission(unique().queued(), null),
            new Submission(free, null),
            submission(unique().queued(), EXISTING));

    assertThat(stores.jobs().submit(batch))
        .containsExactly(
            new SubmitResult.Accepted(first),
            new SubmitResult.SlotTaken(first),
            new SubmitResult.Accepted(free),
            new SubmitResult.Existing(first));
    assertThat(allJobs()).containsExactlyInAnyOrder(first.id(), free.id());
  }

  static Submission submission(Job job, OnConflict onConflict) {
    return new Submission(job, null, job.createdAt().plus(IdempotencyKey.DEFAULT_LIFE), onConflict);
  }

  @Test
  void aKeyOfARefusedSubmitIsFreeAndOneOfAnAnsweredIsThatJobs() {
    Job holder = submitted(unique().queued());
    submitted(unique().queued(), Jobs.aKey("refused", 1), OnConflict.REJECT);
    submitted(unique().queued(), Jobs.aKey("answered", 1), EXISTING);
    submitted(unique().queued(), Jobs.aKey("replaced", 1), REPLACE);
    saved(found(holder.id()), Verb.CANCEL);

    Job anew = unique().queued();
    assertThat(submitted(anew, Jobs.aKey("refused", 2), OnConflict.REJECT))
        .isEqualTo(new SubmitResult.Accepted(anew));
    Job cancelled = found(holder.id());
    for (String key : List.of("answered", "replaced")) {
      assertThat(submitted(unique().queued(), Jobs.aKey(key, 1), EXISTING))
          .isEqualTo(new SubmitResult.Replayed(cancelled));
    }
    stores.jobs().deleteEnded(Set.of(holder.id()));
    assertThat(submitted(unique().queued(), Jobs.aKey("answered", 1), EXISTING))
        .isInstanceOfSatisfying(
            SubmitResult.ReplayedDeleted.class,
            deleted -> assertThat(deleted.id()).isEqualTo(holder.id()));
  }

  @Test
  void aRevivedJobTakesItsSlotAgain() {
    Job failed = failed();

    saved(failed, Verb.RETRY);

    assertThat(submitted(unique().queued(), OnConflict.REJECT))
        .isEqualTo(new SubmitResult.SlotTaken(found(failed.id())));
  }

  @Test
  void aJobWhoseSlotAnotherHoldsIsNotRevived() {
    Job failed = failed();
    Job other = submitted(jobs.aQueuedJob());
    other = saved(other, Verb.CANCEL);
    Job holder = submitted(unique().queued());
    Transition retry = failed.retry(tick());
    Transition free = other.retry(tick());

    SaveResult result = stores.jobs().save(List.of(retry, free));

    assertThat(result.applied()).containsExactly(free.attempt());
    assertThat(result.slotTaken()).containsOnlyKeys(retry.attempt()).containsValue(holder.id());
    assertThat(found(failed.id()).state()).isEqualTo(JobState.FAILED);

    saved(holder, Verb.SUCCEED);
    saved(retry);
    assertThat(submitted(unique().queued(), OnConflict.REJECT))
        .isEqualTo(new SubmitResult.SlotTaken(found(failed.id())));
  }

  private Job failed() {
    Job job = submitted(unique().queued());
    return saved(job.fail(new Failure("no", true), 0.5, tick()));
  }

  @Test
  void oneSlotAtOnceGoesToOneJob() throws InterruptedException {
    List<Callable<SubmitResult>> clients =
        IntStream.range(0, 8)
            .mapToObj(
                _ -> (Callable<SubmitResult>) () -> submitted(unique().queued(), OnConflict.REJECT))
            .toList();

    List<SubmitResult> answers = atOnce(clients);

    assertThat(allJobs()).hasSize(1);
    Job holder = found(allJobs().getFirst());
    assertThat(answers).containsOnlyOnce(new SubmitResult.Accepted(holder));
    assertThat(answers)
        .containsOnly(new SubmitResult.Accepted(holder), new SubmitResult.SlotTaken(holder));
  }
}
