package io.quikqueue.simulation;

import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.EndedJobs;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store with a protection missing. */
record BrokenStore(InMemoryStore store, Broken broken) implements JobStore {

  @Override
  public List<SubmitResult> submit(List<Submission> submissions) {
    List<SubmitResult> answers =
        store.submit(
            broken == Broken.STORE_IGNORES_KEYS
                ? submissions.stream().map(s -> new Submission(s.job(), null)).toList()
                : submissions);
    if (broken == Broken.STORE_KEEPS_NO_ORDER) {
      for (SubmitResult answer : answers) {
        if (answer instanceof SubmitResult.Accepted(Job job) && job.state() == JobState.WAITING) {
          store.save(List.of(job.wake(job.updatedAt())));
        }
      }
    }
    return answers;
  }

  @Override
  public SaveResult save(List<Transition> transitions) {
    Set<AttemptId> applied = new HashSet<>();
    List<Job> behind = new ArrayList<>();
    List<Job> released = new ArrayList<>();
    for (Transition change : transitions) {
      Job now = store.find(List.of(change.after().id())).get(change.after().id());
      if (broken == Broken.STORE_DOES_NOT_LEARN_OF_RELEASES && isRelease(change)) {
        applied.add(change.attempt());
      } else if (now != null && isUnfenced(change)) {
        store.save(List.of(new Transition(now, change.after(), change.events(), change.worker())));
        applied.add(change.attempt());
      } else {
        SaveResult saved = store.save(List.of(change));
        applied.addAll(saved.applied());
        behind.addAll(saved.behind());
        released.addAll(saved.ready());
        released.removeIf(job -> job.id().equals(change.after().id()));
      }
    }
    return SaveResult.of(transitions, applied, Map.of(), Map.of(), behind, released);
  }

  private static boolean isRelease(Transition change) {
    return change.before().state().active()
        && change.after().state() == JobState.QUEUED
        && change.after().attempt() == change.before().attempt();
  }

  private boolean isUnfenced(Transition change) {
    boolean expires =
        change.after().state() == JobState.EXPIRED
            && store.current(List.of(change.attempt())).contains(change.attempt());
    return broken == Broken.STORE_DOES_NOT_FENCE
        || (broken == Broken.STORE_EXPIRES_WHAT_RUNS && expires);
  }

  @Override
  public Set<AttemptId> current(Collection<AttemptId> attempts) {
    return broken == Broken.NOBODY_REMEMBERS ? Set.copyOf(attempts) : store.current(attempts);
  }

  @Override
  public Map<JobId, JobState> states(Collection<JobId> ids) {
    return store.states(ids);
  }

  @Override
  public Map<JobId, Job> find(Collection<JobId> ids) {
    return store.find(ids);
  }

  @Override
  public Optional<SubmitResult> find(IdempotencyKey key, Instant now) {
    return store.find(key, now);
  }

  @Override
  public JobPage list(JobQuery query) {
    return store.list(query);
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return store.attempts(id);
  }

  @Override
  public List<Generation> generations(JobId id) {
    return store.generations(id);
  }

  @Override
  public int prune(Instant finishedBefore, Map<String, Set<JobState>> except, int limit) {
    return store.prune(finishedBefore, except, limit);
  }

  @Override
  public EndedJobs ended(String queue, JobState state, JobId after, Instant before, int limit) {
    return store.ended(queue, state, after, before, limit);
  }

  @Override
  public EndedJobs newestEnded(String queue, JobState state, JobId before, int limit) {
    return store.newestEnded(queue, state, before, limit);
  }

  @Override
  public int pruneKeys(Instant now, int limit) {
    return store.pruneKeys(now, limit);
  }

  @Override
  public int deleteEnded(Collection<JobId> ids, Instant finishedBefore) {
    return store.deleteEnded(ids, finishedBefore);
  }
}
