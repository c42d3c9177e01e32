package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Verb;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.EndedJobs;
import io.quikqueue.domain.port.JobQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
public abstract class JobStoreContract extends GenerationsContract {

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
    saved(old.cancel(jobs.now().minusSeconds(500)));
    saved(young.cancel(jobs.now()));

    assertThat(stores.jobs().prune(jobs.now().minusSeconds(100), 1000)).isEqualTo(1);

    assertThat(allJobs()).containsExactly(young.id());
  }

  @Test
  void pruningPassesOverStatesOfQueuesThatAreKeptForAnotherTimeButNotOverNodes() {
    JobId kept = stored(jobs.aJob().queue("a"), JobState.FAILED).id();
    stored(jobs.aJob().queue("a"), JobState.DONE);
    stored(jobs.aJob().queue("b"), JobState.FAILED);
    NodeRef node = new NodeRef(new WorkflowId(jobs.anId()), 0, false);
    stored(jobs.aJob().queue("a").with(it -> it.node(node)), JobState.FAILED);
    Map<String, Set<JobState>> except = Map.of("a", Set.of(JobState.FAILED));

    assertThat(stores.jobs().prune(jobs.now().plusSeconds(60), except, 100)).isEqualTo(3);

    assertThat(allJobs()).containsExactly(kept);
  }

  @ParameterizedTest
  @EnumSource(names = {"DONE", "FAILED", "CANCELLED", "EXPIRED", "SKIPPED"})
  void jobsOfAQueueThatEndedInAStateAreFoundFromTheOldestOnAndFromTheNewest(JobState state) {
    List<JobId> ended = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ended.add(stored(jobs.aJob().queue("a"), state).id());
    }
    stored(jobs.aJob().queue("b"), state);
    stored(jobs.aJob().queue("a"), state == JobState.DONE ? JobState.FAILED : JobState.DONE);
    stored(jobs.aJob().queue("a"), JobState.QUEUED);
    NodeRef node = new NodeRef(new WorkflowId(jobs.anId()), 0, false);
    stored(jobs.aJob().queue("a").with(it -> it.node(node)), state);
    Instant later = jobs.now().plusSeconds(60);

    EndedJobs first = stores.jobs().ended("a", state, null, later, 2);

    assertThat(first.jobs()).isEqualTo(ended.subList(0, 2));
    assertThat(stores.jobs().ended("a", state, first.next(), later, 2))
        .isEqualTo(new EndedJobs(ended.subList(2, 3), null));
    Instant before = jobs.now().minusSeconds(60);
    assertThat(stores.jobs().ended("a", state, null, before, 2))
        .isEqualTo(new EndedJobs(List.of(), null));
    assertThat(stores.jobs().ended("none", state, null, later, 2).jobs()).isEmpty();

    EndedJobs newest = stores.jobs().newestEnded("a", state, null, 2);
    assertThat(newest.jobs()).isEqualTo(ended.subList(1, 3).reversed());
    assertThat(stores.jobs().newestEnded("a", state, newest.next(), 2))
        .isEqualTo(new EndedJobs(ended.subList(0, 1), null));
    assertThat(stores.jobs().newestEnded("none", state, null, 2).jobs()).isEmpty();
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

    assertThat(stores.jobs().deleteEnded(asked, Instant.EPOCH)).isZero();
    assertThat(stores.jobs().deleteEnded(asked)).isEqualTo(ended.size());

    assertThat(allJobs()).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(stores.jobs().deleteEnded(asked)).isZero();
    assertThat(stores.jobs().deleteEnded(Set.of())).isZero();
  }

  @Test
  void aPrunedJobDoesNotComeBackByAChange() {
    Job job = submitted(jobs.aQueuedJob());
    Job cancelled = saved(job, Verb.CANCEL);
    stores.jobs().prune(jobs.now().plusSeconds(60), 1000);

    Transition retry = Jobs.after(cancelled, Verb.RETRY, tick());

    assertThat(stores.jobs().save(List.of(retry)).applied()).isEmpty();
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
}
