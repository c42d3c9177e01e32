package io.quikqueue.contracts;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an {@link Outbox} guarantees: it shows each attempt that became QUEUED, however it did, from
 * the same transaction on, until it is deleted or the job has moved on; never any other; oldest job
 * first. A store that keeps no outbox does not run this.
 */
public abstract class OutboxContract extends StoreContract {

  @Test
  void showsJobsThatWereQueuedBySubmit() {
    Job queued = submitted(jobs.aQueuedJob());
    submitted(jobs.aWaitingJob());
    submitted(jobs.aJob().in(JobState.SCHEDULED));

    assertThat(outbox().size()).isEqualTo(1);
    assertThat(pending()).containsExactly(queued);
  }

  @Test
  void isEmptyAtFirst() {
    assertThat(pending()).isEmpty();
    assertThat(outbox().size()).isZero();
  }

  @Test
  void holdsAnAttemptUntilItIsDeleted() {
    Job queued = submitted(jobs.aQueuedJob());
    AttemptId next = new AttemptId(queued.id(), queued.attemptId().number() + 1);

    assertThat(outbox().holds(queued.attemptId())).isTrue();
    assertThat(outbox().holds(next)).isFalse();
    assertThat(outbox().holds(submitted(jobs.aWaitingJob()).attemptId())).isFalse();

    outbox().delete(List.of(queued.attemptId()));

    assertThat(outbox().holds(queued.attemptId())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "RETRYING"})
  void showsJobsThatWereWoken(JobState state) {
    Job job = stored(jobs.aJob(), state);
    assertThat(pending()).isEmpty();

    Job woken = saved(job, Verb.WAKE);

    assertThat(pending()).containsExactly(woken);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED", "EXPIRED"})
  void showsJobsThatWereRetriedByHand(JobState state) {
    Job job = stored(jobs.aJob(), state);

    Job revived = saved(job, Verb.RETRY);

    assertThat(pending()).containsExactly(revived);
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "RUNNING"})
  void showsTheNextAttemptOfARescuedJob(JobState state) {
    Job job = stored(jobs.aJob(), state);
    outbox().delete(List.of(job.attemptId()));

    Job rescued = saved(job, Verb.RESCUE);

    assertThat(pending()).containsExactly(rescued);
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "RUNNING"})
  void doesNotShowAReleasedAttemptAgain(JobState state) {
    Job job = stored(jobs.aJob(), state);
    outbox().delete(List.of(job.attemptId()));

    saved(job, Verb.RELEASE);

    assertThat(pending()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "RETRYING", "DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED"})
  void forgetsJobsThatHaveMovedOnWhenItIsAsked(JobState state) {
    stored(jobs.aJob(), state);

    assertThat(pending()).isEmpty();

    assertThat(outbox().size()).isZero();
  }

  @Test
  void jobsThatHaveMovedOnDoNotHideThoseBehindThem() {
    List<Job> gone = jobs.queuedJobs(20);
    submitted(gone);
    Job behind = submitted(jobs.aQueuedJob());
    gone.forEach(job -> saved(job, Verb.CANCEL));

    List<Job> shown = new ArrayList<>();
    for (int i = 0; i < 10 && shown.isEmpty(); i++) {
      shown.addAll(outbox().pending(later(), 5));
    }

    assertThat(shown).containsExactly(behind);
  }

  @Test
  void forgetsWhatIsDeleted() {
    Job one = submitted(jobs.aQueuedJob());
    Job two = submitted(jobs.aQueuedJob());
    Job three = submitted(jobs.aQueuedJob());

    outbox().delete(List.of(one.attemptId(), three.attemptId()));

    assertThat(pending()).containsExactly(two);
    assertThat(outbox().size()).isEqualTo(1);
  }

  @Test
  void deletingWhatIsNotThereIsNoError() {
    Job job = submitted(jobs.aQueuedJob());

    outbox().delete(List.of());
    outbox().delete(List.of(new AttemptId(job.id(), 2), new AttemptId(jobs.anId(), 1)));
    assertThat(pending()).containsExactly(job);

    outbox().delete(List.of(job.attemptId()));
    outbox().delete(List.of(job.attemptId(), job.attemptId()));
    assertThat(pending()).isEmpty();
  }

  @Test
  void deletingAnAttemptLeavesTheNextOne() {
    Job first = submitted(jobs.aQueuedJob());
    Job second = saved(first, Verb.RESCUE);

    outbox().delete(List.of(first.attemptId()));

    assertThat(pending()).containsExactly(second);
  }

  @Test
  void showsOldestJobsFirstUpToALimit() {
    List<Job> all = new ArrayList<>(jobs.queuedJobs(30));
    Job retrying = all.get(3);
    List<Job> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(1));
    submitted(shuffled.subList(0, 11));
    submitted(shuffled.subList(11, 30));
    all.set(3, saved(saved(retrying, Verb.FAIL), Verb.WAKE));

    assertThat(outbox().pending(later(), 1)).isEqualTo(all.subList(0, 1));
    assertThat(outbox().pending(later(), 10)).isEqualTo(all.subList(0, 10));
    assertThat(outbox().pending(later(), 1000)).isEqualTo(all);
  }

  @Test
  void leavesYoungRowsToTheirWriter() {
    Job job = submitted(jobs.aQueuedJob());

    assertThat(outbox().pending(jobs.now().minusSeconds(60), 10)).isEmpty();
    assertThat(outbox().pending(later(), 10)).containsExactly(job);
  }

  @Test
  void aRowIsWrittenOncePerAttempt() {
    Job job = submitted(jobs.aQueuedJob());
    assertThat(stores.jobs().submit(Collections.nCopies(2, new Submission(job, null))))
        .hasOnlyElementsOfType(SubmitResult.Accepted.class);

    assertThat(outbox().size()).isEqualTo(1);
  }

  @Test
  void aThousandAreDeletedAtOnce() {
    List<Job> all = jobs.queuedJobs(1000);
    submitted(all);
    assertThat(outbox().size()).isEqualTo(1000);
    assertThat(outbox().pending(later(), 1000)).isEqualTo(all);

    outbox().delete(all.stream().map(Job::attemptId).toList());

    assertThat(outbox().size()).isZero();
  }

  @Test
  void aJobThatGotAnotherPayloadIsShownWithItAndOnce() {
    Unique slot = new Unique(Unique.Within.QUEUE, "k", "0".repeat(64), Unique.UNTIL_ENDED, null);
    OnConflict replace = new OnConflict(OnConflict.Kind.REPLACE, null, null);
    Job first = submitted(jobs.aJob().with(it -> it.unique(slot)).payload("1").queued());
    Job wanted = jobs.aJob().with(it -> it.unique(slot)).payload("2").queued();

    stores.jobs().submit(List.of(new Submission(wanted, null, wanted.createdAt(), replace)));

    Job now = found(first.id());
    assertThat(now.spec().payload()).isEqualTo("2");
    assertThat(outbox().pending(later(), 10)).containsExactly(now);
  }

  @Test
  void whatWasPrunedIsNotShown() {
    saved(submitted(jobs.aQueuedJob()), Verb.CANCEL);
    stores.jobs().prune(later(), 10);

    assertThat(pending()).isEmpty();
    assertThat(outbox().size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void showsWhatARandomHistoryLeftQueued(long seed) {
    RandomHistory history = new RandomHistory(stores, jobs, seed);

    history.run(30);

    List<Job> pending = pending();
    Set<AttemptId> shown = new HashSet<>(pending.stream().map(Job::attemptId).toList());
    Map<AttemptId, Job> model = new HashMap<>();
    history.jobs().values().forEach(job -> model.put(job.attemptId(), job));
    assertThat(shown).hasSameSizeAs(pending).containsAll(history.announced());
    assertThat(pending)
        .allSatisfy(job -> assertThat(job).isEqualTo(model.get(job.attemptId())))
        .allMatch(job -> job.state() == JobState.QUEUED)
        .isSortedAccordingTo(comparing(Job::id));
    assertThat(outbox().size()).isEqualTo(pending.size());
  }

  private Outbox outbox() {
    return Objects.requireNonNull(stores.outbox(), "this store keeps no outbox");
  }

  private List<Job> pending() {
    return outbox().pending(later(), 1000);
  }

  private Instant later() {
    return jobs.now().plusSeconds(3600);
  }
}
