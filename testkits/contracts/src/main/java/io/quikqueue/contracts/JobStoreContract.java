package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.port.AttemptRecord;
import io.quikqueue.domain.port.AttemptRecord.Outcome;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.Stored;
import java.time.Duration;
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
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a {@link io.quikqueue.domain.port.JobStore} guarantees: what was accepted is there, field by
 * field, once per id and once per idempotency key, whoever submits at the same time; a change takes
 * effect once, and only on the state and attempt it was made for; a bad row harms no other; lists
 * show every job once, newest first; pruning leaves nothing of a job behind.
 */
public abstract class JobStoreContract extends SaveContract {

  @Test
  void findLeavesOutUnknownJobs() {
    Job one = submitted(jobs.aQueuedJob());
    Job two = submitted(jobs.aQueuedJob());
    submitted(jobs.aQueuedJob());

    assertThat(stores.jobs().find(List.of(one.id(), jobs.anId(), two.id(), one.id())))
        .containsOnly(Map.entry(one.id(), one), Map.entry(two.id(), two));
    assertThat(stores.jobs().find(List.of())).isEmpty();
  }

  @Test
  void statesAreThoseOfTheJobsThatAreThere() {
    Map<JobId, JobState> expected = new HashMap<>();
    for (JobState state : JobState.values()) {
      expected.put(stored(jobs.aJob(), state).id(), state);
    }
    List<JobId> asked = new ArrayList<>(expected.keySet());
    asked.add(jobs.anId());
    asked.add(asked.getFirst());

    assertThat(stores.jobs().states(asked)).isEqualTo(expected);
    assertThat(stores.jobs().states(List.of())).isEmpty();
  }

  @Test
  void currentAreTheAttemptsThatAreQueuedOrRunning() {
    List<Job> all = Stream.of(JobState.values()).map(state -> stored(jobs.aJob(), state)).toList();
    Job second = saved(stored(jobs.aJob(), JobState.RETRYING), Verb.WAKE);
    List<AttemptId> asked = new ArrayList<>(all.stream().map(Job::attemptId).toList());
    asked.add(second.attemptId());
    asked.add(new AttemptId(second.id(), 1));
    asked.add(new AttemptId(second.id(), 3));
    asked.add(new AttemptId(jobs.anId(), 1));

    assertThat(stores.jobs().current(asked))
        .containsExactlyInAnyOrder(
            all.get(JobState.QUEUED.ordinal()).attemptId(),
            all.get(JobState.RUNNING.ordinal()).attemptId(),
            second.attemptId());
    assertThat(stores.jobs().current(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 500})
  void aListShowsEveryJobOnceNewestFirst(int limit) {
    List<Job> all = new ArrayList<>(jobs.queuedJobs(30));
    Collections.shuffle(all, new Random(limit));
    submitted(all.subList(0, 13));
    submitted(all.subList(13, 30));
    all.sort((a, b) -> b.id().compareTo(a.id()));

    assertThat(listed(new JobQuery(null, null, null, Map.of(), null, limit)))
        .isEqualTo(summaries(all));
    assertThat(listed(new JobQuery(null, null, null, Map.of(), all.get(9).id(), limit)))
        .isEqualTo(summaries(all.subList(10, 30)));
    assertThat(listed(new JobQuery(null, null, null, Map.of(), all.getLast().id(), limit)))
        .isEmpty();
  }

  @Test
  void aListOfAnEmptyStoreIsEmpty() {
    assertThat(allJobs()).isEmpty();
    assertThat(listed(new JobQuery(JobState.DONE, "q", "t", Map.of("a", "b"), null, 10))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aListCanBeOfOneState(JobState state) {
    for (JobState each : JobState.values()) {
      stored(jobs.aJob(), each);
      stored(jobs.aJob(), each);
    }
    expect(new JobQuery(state, null, null, Map.of(), null, 5), 2, job -> job.state() == state);
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "DONE"})
  void aListOfOneStateIsNewestFirstAcrossQueuesAndPriorities(JobState state) {
    List<Job> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Job job = stored(jobs.aJob().queue("q" + i % 3).priority(i * 7 % 10), state);
      all.addFirst(job);
    }
    stored(jobs.aJob().queue("q1"), JobState.RUNNING);

    assertThat(listed(new JobQuery(state, null, null, Map.of(), null, 7)))
        .isEqualTo(summaries(all));
    assertThat(listed(new JobQuery(state, null, null, Map.of(), all.get(9).id(), 7)))
        .isEqualTo(summaries(all.subList(10, 60)));
    assertThat(listed(new JobQuery(state, "q1", null, Map.of(), null, 7)))
        .isEqualTo(summaries(all.stream().filter(job -> job.spec().queue().equals("q1")).toList()));
  }

  @Test
  void aListCanBeOfAQueueATypeAndLabels() {
    for (String queue : List.of("a", "b", "a.b")) {
      for (String type : List.of("echo", "Echo", "ECHO")) {
        for (String value : List.of("x", "X", "x ", "é", "e", "", "%", "🎉")) {
          submitted(jobs.aJob().queue(queue).type(type).label("l", value).label("m", "n").queued());
        }
        submitted(jobs.aJob().queue(queue).type(type).label("L", "x").queued());
        submitted(jobs.aJob().queue(queue).type(type).queued());
      }
    }

    expect(query("a", null, Map.of()), 30, job -> job.spec().queue().equals("a"));
    expect(query(null, "Echo", Map.of()), 30, job -> job.spec().type().equals("Echo"));
    for (String value : List.of("x", "X", "x ", "é", "e", "", "%", "🎉")) {
      expect(query(null, null, Map.of("l", value)), 9, has("l", value));
    }
    expect(query(null, null, Map.of("m", "n")), 72, has("m", "n"));
    expect(query(null, null, Map.of("L", "x")), 9, has("L", "x"));
    expect(query("b", "echo", Map.of("m", "n", "l", "x")), 1, job -> true);
    expect(query("b", "echo", Map.of("m", "other", "l", "x")), 0, job -> true);
    expect(query("none", null, Map.of()), 0, job -> true);
  }

  @Test
  void anAttemptIsOnRecordWhenItHasEnded() {
    Job first = submitted(jobs.aQueuedJob());
    Job running = saved(first, Verb.START);
    assertThat(stores.jobs().attempts(first.id())).isEmpty();
    Job retrying = saved(running, Verb.FAIL);
    Job second = saved(retrying, Verb.WAKE);
    Job crashed = saved(second, Verb.RESCUE);
    Job third = saved(saved(crashed, Verb.START), Verb.CANCEL);
    Job fourth = saved(saved(saved(third, Verb.RETRY), Verb.START), Verb.SUCCEED);

    List<AttemptRecord> attempts = stores.jobs().attempts(first.id());

    assertThat(attempts).extracting(AttemptRecord::number).containsExactly(1, 2, 3, 4);
    assertThat(attempts)
        .extracting(AttemptRecord::outcome)
        .containsExactly(Outcome.FAILED, Outcome.CRASHED, Outcome.CANCELLED, Outcome.DONE);
    assertThat(attempts.getFirst())
        .isEqualTo(
            new AttemptRecord(
                1,
                Outcome.FAILED,
                running.startedAt(),
                retrying.updatedAt(),
                WORKER,
                "it did not work"));
    assertThat(attempts.get(1).startedAt()).isNull();
    assertThat(attempts.getLast().startedAt()).isEqualTo(fourth.startedAt());
    assertThat(attempts.getLast().error()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"RESCUE", "CANCEL"})
  void anAttemptThatSomebodyElseEndsNamesItsWorker(Verb verb) {
    List<Job> running =
        IntStream.range(0, 3)
            .mapToObj(_ -> saved(submitted(jobs.aQueuedJob()), Verb.START))
            .toList();
    Job unmarked = submitted(jobs.aQueuedJob());
    Job taken = submitted(jobs.aQueuedJob());
    Job byAnother =
        found(taken.id()).start(tick()).job(); // marked between the reading and the save
    stores.jobs().save(List.of(new Change(taken, byAnother, "worker-2")));

    List<Change> changes = new ArrayList<>();
    running.forEach(job -> changes.add(new Change(job, Jobs.after(job, verb, tick()).job(), null)));
    changes.add(new Change(unmarked, Jobs.after(unmarked, verb, tick()).job(), null));
    if (verb == Verb.RESCUE) {
      changes.add(new Change(taken, Jobs.after(taken, verb, tick()).job(), null));
    }
    assertThat(stores.jobs().save(changes)).hasSize(changes.size());

    running.forEach(job -> assertThat(workers(job)).containsExactly(WORKER));
    assertThat(workers(unmarked)).allMatch(Objects::isNull);
    if (verb == Verb.RESCUE) {
      assertThat(workers(taken)).containsExactly("worker-2");
      Job next = saved(found(taken.id()), Verb.START);
      stores.jobs().save(List.of(new Change(next, Jobs.after(next, verb, tick()).job(), null)));
      assertThat(workers(taken)).containsExactly("worker-2", WORKER);
    }
  }

  private List<@Nullable String> workers(Job job) {
    List<@Nullable String> workers = new ArrayList<>();
    stores.jobs().attempts(job.id()).forEach(attempt -> workers.add(attempt.worker()));
    return workers;
  }

  @ParameterizedTest
  @EnumSource(names = {"WAITING", "SCHEDULED", "QUEUED", "RETRYING"})
  void aJobThatWasNotRunningLeavesNoRecordWhenItIsCancelled(JobState state) {
    Job job = stored(jobs.aJob(), state);
    List<AttemptRecord> before = stores.jobs().attempts(job.id());

    saved(job, Verb.CANCEL);

    assertThat(stores.jobs().attempts(job.id())).isEqualTo(before);
  }

  @Test
  void aReleasedAttemptHasNotEnded() {
    saved(stored(jobs.aJob(), JobState.RUNNING), Verb.RELEASE);

    assertThat(stores.jobs().attempts(allJobs().getFirst())).isEmpty();
  }

  @Test
  void anAttemptMayHaveBeenRunByNobodyKnown() {
    Job job = submitted(jobs.aQueuedJob());
    stores.jobs().save(List.of(new Change(job, Jobs.after(job, Verb.RESCUE, tick()).job(), null)));

    assertThat(stores.jobs().attempts(job.id()))
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.worker()).isNull());
  }

  @Test
  void onlyTheLastHundredAttemptsNeedBeKnown() {
    Policy patient = new Policy(1000, Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(1), 1);
    Job job = submitted(jobs.aJob().policy(patient).queued());
    for (int i = 0; i < 105; i++) {
      job = saved(saved(job, Verb.FAIL), Verb.WAKE);
    }

    assertThat(stores.jobs().attempts(job.id()))
        .extracting(AttemptRecord::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(6, 105).boxed().toList());
  }

  @Test
  void noAttemptsAreKnownOfAnUnknownJob() {
    assertThat(stores.jobs().attempts(jobs.anId())).isEmpty();
  }

  @Test
  void pruningDeletesJobsThatEndedBeforeAMoment() {
    Instant now = jobs.now();
    Set<JobId> kept = new HashSet<>();
    Set<JobId> ended = new HashSet<>();
    for (JobState state : JobState.values()) {
      Job job = stored(jobs.aJob(), state);
      (state.terminal() ? ended : kept).add(job.id());
    }
    Job revived = saved(stored(jobs.aJob(), JobState.FAILED), Verb.RETRY);
    kept.add(revived.id());

    assertThat(stores.jobs().prune(now.minusSeconds(60), 100)).isZero();
    assertThat(allJobs()).hasSize(kept.size() + ended.size());

    assertThat(stores.jobs().prune(now.plusSeconds(60), 100)).isEqualTo(ended.size());
    assertThat(allJobs()).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(stores.jobs().prune(now.plusSeconds(60), 100)).isZero();
  }

  @Test
  void pruningGoesByWhenAJobEndedNotWhenItBegan() {
    Job old = submitted(jobs.aJob().at(jobs.now().minusSeconds(1000)).queued());
    Job young = submitted(jobs.aJob().at(jobs.now().minusSeconds(1000)).queued());
    saved(old, old.cancel(jobs.now().minusSeconds(500)));
    saved(young, young.cancel(jobs.now()));

    assertThat(stores.jobs().prune(jobs.now().minusSeconds(100), 1000)).isEqualTo(1);

    assertThat(allJobs()).containsExactly(young.id());
  }

  @Test
  void pruningStopsAtItsLimit() {
    List<Job> batch = jobs.queuedJobs(5);
    submitted(batch);
    batch.forEach(job -> saved(job, Verb.CANCEL));
    Instant later = jobs.now().plusSeconds(60);

    assertThat(stores.jobs().prune(later, 2)).isEqualTo(2);
    assertThat(allJobs()).hasSize(3);
    assertThat(stores.jobs().prune(later, 2)).isEqualTo(2);
    assertThat(stores.jobs().prune(later, 2)).isEqualTo(1);
    assertThat(stores.jobs().prune(later, 2)).isZero();
  }

  @Test
  void pruningLeavesNothingOfAJobBehind() {
    Job first = jobs.aJob().deadline(jobs.now().plusSeconds(10)).label("a", "b").queued();
    submitted(first, Jobs.aKey("k", 1));
    saved(saved(first, Verb.START), Verb.SUCCEED);
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);

    assertThat(stores.jobs().find(List.of(first.id()))).isEmpty();
    assertThat(stores.jobs().attempts(first.id())).isEmpty();
    assertThat(stores.timers().due(jobs.now().plusSeconds(3600), 10)).isEmpty();
    assertThat(listed(query(null, null, Map.of("a", "b")))).isEmpty();
    Job second = jobs.aQueuedJob();
    assertThat(submitted(second, Jobs.aKey("k", 2))).isEqualTo(new Stored.Accepted(second));
  }

  @Test
  void deletingTakesOnlyJobsThatHaveEnded() {
    Set<JobId> kept = new HashSet<>();
    Set<JobId> ended = new HashSet<>();
    Set<JobId> asked = new HashSet<>();
    for (JobState state : JobState.values()) {
      Job job = stored(jobs.aJob(), state);
      asked.add(job.id());
      (state.terminal() ? ended : kept).add(job.id());
      kept.add(stored(jobs.aJob(), state).id());
    }
    Job revived = saved(stored(jobs.aJob(), JobState.FAILED), Verb.RETRY);
    kept.add(revived.id());
    asked.add(revived.id());
    asked.add(jobs.anId());

    assertThat(stores.jobs().deleteEnded(asked)).isEqualTo(ended.size());

    assertThat(allJobs()).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(stores.jobs().deleteEnded(asked)).isZero();
    assertThat(stores.jobs().deleteEnded(Set.of())).isZero();
  }

  @Test
  void deletingFreesTheKeyOfAJob() {
    Job first = jobs.aQueuedJob();
    submitted(first, Jobs.aKey("k", 1));
    saved(first, Verb.CANCEL);

    stores.jobs().deleteEnded(Set.of(first.id()));

    Job second = jobs.aQueuedJob();
    assertThat(submitted(second, Jobs.aKey("k", 2))).isEqualTo(new Stored.Accepted(second));
  }

  @Test
  void aPrunedJobDoesNotComeBackByAChange() {
    Job job = submitted(jobs.aQueuedJob());
    Job cancelled = saved(job, Verb.CANCEL);
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);

    Change retry = new Change(cancelled, Jobs.after(cancelled, Verb.RETRY, tick()).job(), null);

    assertThat(stores.jobs().save(List.of(retry))).isEmpty();
    assertThat(allJobs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLongHistoryIsKept(long seed) {
    RandomHistory history = new RandomHistory(stores, jobs, seed);

    history.run(40);

    assertThat(listed(new JobQuery(null, null, null, Map.of(), null, 500)))
        .isEqualTo(summaries(List.copyOf(history.jobs().descendingMap().values())));
    assertThat(stores.jobs().find(history.jobs().keySet())).isEqualTo(history.jobs());
    history
        .attempts()
        .forEach((id, attempts) -> assertThat(stores.jobs().attempts(id)).isEqualTo(attempts));
  }

  private static List<Job> summaries(List<Job> jobs) {
    return jobs.stream().map(Job::summary).toList();
  }

  private void expect(JobQuery query, int count, Predicate<Job> matches) {
    assertThat(listed(query)).hasSize(count).allMatch(matches).doesNotHaveDuplicates();
  }

  private static JobQuery query(
      @Nullable String queue, @Nullable String type, Map<String, String> labels) {
    return new JobQuery(null, queue, type, labels, null, 7);
  }

  private static Predicate<Job> has(String label, String value) {
    return job -> Objects.equals(job.spec().labels().get(label), value);
  }
}
