package io.quikqueue.rest;

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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** The store of tests, which can be told to fail before it does what it is asked for. */
final class BreakableStore implements JobStore {

  private final InMemoryStore store;
  private final AtomicReference<Runnable> before = new AtomicReference<>(() -> {});

  BreakableStore(InMemoryStore store) {
    this.store = store;
  }

  /** Runs before each call from now on; may throw. */
  void before(Runnable action) {
    before.set(action);
  }

  void heal() {
    before.set(() -> {});
  }

  private InMemoryStore store() {
    before.get().run();
    return store;
  }

  @Override
  public List<SubmitResult> submit(List<Submission> submissions) {
    return store().submit(submissions);
  }

  @Override
  public SaveResult save(List<Transition> changes) {
    return store().save(changes);
  }

  @Override
  public Map<JobId, JobState> states(Collection<JobId> ids) {
    return store().states(ids);
  }

  @Override
  public Map<JobId, Job> find(Collection<JobId> ids) {
    return store().find(ids);
  }

  @Override
  public Optional<SubmitResult> find(IdempotencyKey key, Instant now) {
    return store().find(key, now);
  }

  @Override
  public Set<AttemptId> current(Collection<AttemptId> attempts) {
    return store().current(attempts);
  }

  @Override
  public JobPage list(JobQuery query) {
    return store().list(query);
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return store().attempts(id);
  }

  @Override
  public List<Generation> generations(JobId id) {
    return store().generations(id);
  }

  @Override
  public int prune(Instant finishedBefore, Map<String, Set<JobState>> except, int limit) {
    return store().prune(finishedBefore, except, limit);
  }

  @Override
  public EndedJobs ended(String queue, JobState state, JobId after, Instant before, int limit) {
    return store().ended(queue, state, after, before, limit);
  }

  @Override
  public EndedJobs newestEnded(String queue, JobState state, JobId before, int limit) {
    return store().newestEnded(queue, state, before, limit);
  }

  @Override
  public int pruneKeys(Instant now, int limit) {
    return store().pruneKeys(now, limit);
  }

  @Override
  public int deleteEnded(Collection<JobId> ids, Instant finishedBefore) {
    return store().deleteEnded(ids, finishedBefore);
  }
}
