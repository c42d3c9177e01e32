package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.AttemptRecord;
import io.quikqueue.domain.port.Change;
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
    Job before = stored(jobs.aJob().deadline(jobs.now().plusSeconds(3600)), state);

    Job after = saved(before, verb);

    assertThat(found(before.id())).isEqualTo(after);
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
    Job alone = saved(crashed, crashed.startAlone(tick()));
    assertThat(found(alone.id())).isEqualTo(alone);
    assertThat(found(alone.id()).runsAlone()).isTrue();

    Job joined = saved(alone, new Transition(alone.besideOthers(tick()), List.of()));
    assertThat(found(alone.id())).isEqualTo(joined);
    assertThat(found(alone.id()).runsAlone()).isFalse();

    Job again = saved(joined, Verb.RESCUE);
    Job last = saved(saved(again, again.startAlone(tick())), Verb.RESCUE);
    assertThat(found(alone.id())).isEqualTo(last);
    assertThat(last.state()).isEqualTo(JobState.FAILED);
  }

  static Stream<Arguments> verbsOfActiveJobs() {
    return legalVerbs()
        .filter(pair -> ((JobState) pair.get()[0]).active() && pair.get()[1] != Verb.EXPIRE);
  }

  @ParameterizedTest
  @MethodSource("verbsOfActiveJobs")
  void theMarkOfARunningAttemptMayBeMissingOrEarly(JobState known, Verb verb) {
    JobState marked = known == JobState.QUEUED ? JobState.RUNNING : JobState.QUEUED;
    Job stored = stored(jobs.aJob(), marked);
    Job before =
        known == JobState.QUEUED ? stored.release(tick()).job() : stored.start(tick()).job();

    Job after = saved(before, Jobs.after(before, verb, tick()));

    assertThat(found(stored.id())).isEqualTo(after);
    assertThat(stores.queues().find("default").orElseThrow().jobs())
        .containsOnly(Map.entry(after.state(), 1L));
  }

  @Test
  void whatIsMarkedRunningDoesNotExpire() {
    Job running = stored(jobs.aJob().deadline(jobs.now().plusSeconds(1)), JobState.RUNNING);
    Job other = submitted(jobs.aJob().deadline(jobs.now().plusSeconds(1)).queued());
    Job known = running.release(tick()).job();
    Job expired = other.expire(tick()).job();

    assertThat(
            stores
                .jobs()
                .save(
                    List.of(
                        new Change(known, known.expire(tick()).job(), null),
                        new Change(other, expired, null))))
        .containsExactly(other.attemptId());

    assertThat(found(running.id())).isEqualTo(running);
    assertThat(found(other.id())).isEqualTo(expired);
  }

  @Test
  void aChangeOfAnUnknownJobDoesNotTakeEffect() {
    Job job = jobs.aQueuedJob();

    assertThat(save(job, job.start(tick()).job())).isEmpty();

    assertThat(allJobs()).isEmpty();
  }

  @Test
  void aChangeOfAnEarlierStateDoesNotTakeEffect() {
    Job queued = submitted(jobs.aQueuedJob());
    Job cancelled = saved(queued, Verb.CANCEL);

    assertThat(save(queued, Jobs.after(queued, Verb.SUCCEED, tick()).job())).isEmpty();

    assertThat(found(queued.id())).isEqualTo(cancelled);
    assertThat(stores.jobs().attempts(queued.id())).isEmpty();
  }

  @Test
  void aChangeOfAnEarlierAttemptDoesNotTakeEffect() {
    Job first = stored(jobs.aJob(), JobState.RUNNING);
    Job second = saved(saved(first, Verb.RESCUE), Verb.START);
    assertThat(second.state()).isEqualTo(first.state());

    assertThat(save(first, Jobs.after(first, Verb.SUCCEED, tick()).job())).isEmpty();

    assertThat(found(first.id())).isEqualTo(second);
    assertThat(stores.jobs().attempts(first.id())).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("legalVerbs")
  void aChangeSavedTwiceCountsAsAppliedAndIsAppliedOnce(JobState state, Verb verb) {
    Job before = stored(jobs.aJob(), state);
    Job after = saved(before, verb);
    List<AttemptRecord> attempts = stores.jobs().attempts(before.id());

    assertThat(save(before, after)).containsExactly(before.attemptId());

    assertThat(found(before.id())).isEqualTo(after);
    assertThat(stores.jobs().attempts(before.id())).isEqualTo(attempts);
  }

  @Test
  void aChangeSavedTwiceDoesNotUndoWhatFollowed() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Job retrying = saved(running, Verb.FAIL);
    Job queued = saved(retrying, Verb.WAKE);

    save(running, retrying);

    assertThat(found(running.id())).isEqualTo(queued);
    assertThat(stores.jobs().attempts(running.id())).hasSize(1);
  }

  @Test
  void ofTwoOutcomesOfAnAttemptTheFirstStays() {
    Job running = stored(jobs.aJob(), JobState.RUNNING);
    Job done = saved(running, running.succeed("1", "first", tick()));

    assertThat(save(running, running.succeed("2", "second", tick()).job())).isEmpty();
    assertThat(save(running, Jobs.after(running, Verb.FAIL, tick()).job())).isEmpty();
    assertThat(save(running, Jobs.after(running, Verb.CANCEL, tick()).job())).isEmpty();

    assertThat(found(running.id())).isEqualTo(done);
    assertThat(stores.jobs().attempts(running.id())).hasSize(1);
  }

  @Test
  void onlyWhatVerbsCanChangeIsWritten() {
    Job queued = submitted(jobs.aJob().label("a", "b").payload("\"long\"").queued());
    Job known = with(queued, JobSpec.of("other", "\"\""));

    assertThat(save(known, known.start(tick()).job())).containsExactly(queued.attemptId());

    Job after = found(queued.id());
    assertThat(after.spec()).isEqualTo(queued.spec());
    assertThat(after.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aWorkerThatKnowsAJobFromItsMessageCanFinishIt() throws UnreadableMessageException {
    Job second = saved(stored(jobs.aJob(), JobState.RETRYING), Verb.WAKE);
    Job known = JobMessage.parse(JobMessage.of(second).bytes()).job();
    assertThat(known).isNotEqualTo(second);

    Job done = known.start(tick()).job().succeed("1", null, tick()).job();

    assertThat(save(known, done)).containsExactly(second.attemptId());
    assertThat(found(second.id())).isEqualTo(done);
  }

  /** The message that a worker knows its job from leaves out what no worker needs. */
  @Test
  void whatAWorkerDoesNotKnowOfAJobIsKept() {
    JobFixture described =
        jobs.aJob().with(it -> it.group("g").orderingKey("k").cost(2).owner("o"));
    Job job = submitted(described.queued());
    Job known = job.toBuilder().spec(JobSpec.of("echo", job.spec().payload())).build();

    Job done = known.succeed("1", null, tick()).job();

    assertThat(save(known, done)).containsExactly(job.attemptId());
    assertThat(found(job.id())).isEqualTo(done.toBuilder().spec(job.spec()).build());
  }

  private static Job with(Job job, JobSpec spec) {
    return job.toBuilder().spec(spec).build();
  }
}
