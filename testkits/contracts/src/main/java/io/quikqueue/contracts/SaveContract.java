package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.job.Verb;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The part of {@link JobStoreContract} that is about {@code save}. */
abstract class SaveContract extends SaveBatchesContract {

  static Stream<Arguments> legalVerbs() {
    return Stream.of(Verb.values())
        .flatMap(verb -> verb.from().stream().map(state -> Arguments.of(state, verb)));
  }

  @ParameterizedTest
  @MethodSource("legalVerbs")
  void whatAVerbChangesIsKept(JobState state, Verb verb) {
    Job before = stored(aJobFor(verb).deadline(jobs.now().plusSeconds(3600)), state);

    Job after = saved(before, verb);

    assertThat(found(before.id())).isEqualTo(after);
  }

  /** Only one that can hold its line can be passed. */
  private JobFixture aJobFor(Verb verb) {
    return verb == Verb.PASS
        ? jobs.aJob().with(it -> it.orderingKey("k").onFailedHead(OnFailedHead.HOLD))
        : jobs.aJob();
  }

  @Test
  void aWholeLifeIsKeptAtEachStep() {
    Job job = submitted(jobs.aWaitingJob());
    List<Verb> life =
        List.of(
            Verb.WAKE,
            Verb.START,
            Verb.FAIL,
            Verb.WAKE,
            Verb.POSTPONE,
            Verb.WAKE,
            Verb.START,
            Verb.RELEASE,
            Verb.FAIL,
            Verb.WAKE,
            Verb.RESCUE,
            Verb.START,
            Verb.RESCUE,
            Verb.RESCUE,
            Verb.CANCEL,
            Verb.RETRY,
            Verb.EXPIRE,
            Verb.RETRY,
            Verb.CANCEL,
            Verb.RETRY,
            Verb.START,
            Verb.SUCCEED);
    for (Verb verb : life) {
      job = saved(job, verb);
      assertThat(found(job.id())).isEqualTo(job);
    }
  }

  @Test
  void whetherAJobRunsAloneIsKept() {
    Job crashed = saved(saved(submitted(jobs.aQueuedJob()), Verb.RESCUE), Verb.RESCUE);
    Job alone = saved(crashed.startAlone(tick()));
    assertThat(found(alone.id())).isEqualTo(alone);
    assertThat(found(alone.id()).runsAlone()).isTrue();

    Job joined = saved(alone.besideOthers(tick()));
    assertThat(found(alone.id())).isEqualTo(joined);
    assertThat(found(alone.id()).runsAlone()).isFalse();

    Job again = saved(joined, Verb.RESCUE);
    Job last = saved(saved(again.startAlone(tick())), Verb.RESCUE);
    assertThat(found(alone.id())).isEqualTo(last);
    assertThat(last.state()).isEqualTo(JobState.FAILED);
  }

  static Stream<Arguments> verbsOfActiveJobs() {
    return legalVerbs()
        .filter(pair -> ((JobState) pair.get()[0]).active())
        .filter(pair -> pair.get()[1] != Verb.EXPIRE && pair.get()[1] != Verb.MOVE);
  }

  @ParameterizedTest
  @MethodSource("verbsOfActiveJobs")
  void theMarkOfARunningAttemptMayBeMissingOrEarly(JobState known, Verb verb) {
    JobState marked = known == JobState.QUEUED ? JobState.RUNNING : JobState.QUEUED;
    Job stored = stored(jobs.aJob(), marked);
    Job before =
        known == JobState.QUEUED ? stored.release(tick()).after() : stored.start(tick()).after();

    Job after = saved(Jobs.after(before, verb, tick()));

    assertThat(found(stored.id())).isEqualTo(after);
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .containsOnly(Map.entry(after.state(), 1L));
  }

  @Test
  void whatIsMarkedRunningDoesNotExpire() {
    Job running = stored(jobs.aJob().deadline(jobs.now().plusSeconds(1)), JobState.RUNNING);
    Job other = submitted(jobs.aJob().deadline(jobs.now().plusSeconds(1)).queued());
    Job known = running.release(tick()).after();
    Transition expired = other.expire(tick());

    assertThat(stores.jobs().save(List.of(known.expire(tick()), expired)).applied())
        .containsExactly(other.attemptId());

    assertThat(found(running.id())).isEqualTo(running);
    assertThat(found(other.id())).isEqualTo(expired.after());
  }

  @Test
  void aChangeOfAnUnknownJobDoesNotTakeEffect() {
    Job job = jobs.aQueuedJob();

    assertThat(save(job.start(tick()))).isEmpty();

    assertThat(allJobs()).isEmpty();
  }

  @Test
  void aChangeOfAnEarlierStateDoesNotTakeEffect() {
    Job queued = submitted(jobs.aQueuedJob());
    Job cancelled = saved(queued, Verb.CANCEL);

    assertThat(save(Jobs.after(queued, Verb.SUCCEED, tick()))).isEmpty();

    assertThat(found(queued.id())).isEqualTo(cancelled);
    assertThat(stores.jobs().attempts(queued.id())).isEmpty();
  }

  @Test
  void aChangeOfAnEarlierAttemptDoesNotTakeEffect() {
    Job first = stored(jobs.aJob(), JobState.RUNNING);
    Job second = saved(saved(first, Verb.RESCUE), Verb.START);
    assertThat(second.state()).isEqualTo(first.state());

    assertThat(save(Jobs.after(first, Verb.SUCCEED, tick()))).isEmpty();

    assertThat(found(first.id())).isEqualTo(second);
    assertThat(stores.jobs().attempts(first.id())).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("legalVerbs")
  void aChangeSavedTwiceCountsAsAppliedAndIsAppliedOnce(JobState state, Verb verb) {
    Job before = stored(aJobFor(verb), state);
    Transition transition = Jobs.after(before, verb, tick());
    Job after = saved(transition);
    List<AttemptRecord> attempts = stores.jobs().attempts(before.id());

    assertThat(save(transition)).containsExactly(before.attemptId());

    assertThat(found(before.id())).isEqualTo(after);
    assertThat(stores.jobs().attempts(before.id())).isEqualTo(attempts);
  }

  @Test
  void aChangeSavedTwiceDoesNotUndoWhatFollowed() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Transition failed = Jobs.after(running, Verb.FAIL, tick());
    Job queued = saved(saved(failed), Verb.WAKE);

    save(failed);

    assertThat(found(running.id())).isEqualTo(queued);
    assertThat(stores.jobs().attempts(running.id())).hasSize(1);
  }

  @Test
  void ofTwoOutcomesOfAnAttemptTheFirstStays() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Job done = saved(running.succeed("1", "first", tick()));

    assertThat(save(running.succeed("2", "second", tick()))).isEmpty();
    assertThat(save(Jobs.after(running, Verb.FAIL, tick()))).isEmpty();
    assertThat(save(Jobs.after(running, Verb.CANCEL, tick()))).isEmpty();

    assertThat(found(running.id())).isEqualTo(done);
    assertThat(stores.jobs().attempts(running.id())).hasSize(1);
  }

  @Test
  void onlyWhatVerbsCanChangeIsWritten() {
    Job queued = submitted(jobs.aJob().label("a", "b").payload("\"long\"").queued());
    Job known = with(queued, JobSpec.of("other", "\"\""));

    assertThat(save(known.start(tick()))).containsExactly(queued.attemptId());

    Job after = found(queued.id());
    assertThat(after.spec()).isEqualTo(queued.spec());
    assertThat(after.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aWorkerThatKnowsAJobFromItsMessageCanFinishIt() throws UnreadableMessageException {
    Job second = saved(stored(jobs.aJob(), JobState.RETRYING), Verb.WAKE);
    Job known = JobBody.read(JobBody.write(second));
    assertThat(known).isNotEqualTo(second);

    Transition done = known.start(tick()).then(job -> job.succeed("1", null, tick()));

    assertThat(save(done)).containsExactly(second.attemptId());
    assertThat(found(second.id())).isEqualTo(done.after());
  }

  /** The message that a worker knows its job from leaves out what no worker needs. */
  @Test
  void whatAWorkerDoesNotKnowOfAJobIsKept() {
    JobFixture described =
        jobs.aJob().with(it -> it.group("g").orderingKey("k").cost(2).owner("o"));
    Job job = submitted(described.queued());
    Job known = job.toBuilder().spec(JobSpec.of("echo", job.spec().payload())).build();

    Job done = saved(known.succeed("1", null, tick()));

    assertThat(found(job.id())).isEqualTo(done.toBuilder().spec(job.spec()).build());
  }

  private static Job with(Job job, JobSpec spec) {
    return job.toBuilder().spec(spec).build();
  }
}
