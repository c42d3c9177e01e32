package io.quikqueue.domain.usecase.listen;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store whose commits a listener hears of, whichever use case makes them. */
public final class ListenedJobStore implements JobStore {

  private final JobStore store;
  private final JobListener listener;

  public ListenedJobStore(JobStore store, JobListener listener) {
    this.store = store;
    this.listener = listener;
  }

  @Override
  public List<SubmitResult> submit(List<Submission> submissions) {
    List<SubmitResult> results = store.submit(submissions);
    List<Job> ready = new ArrayList<>(results.size());
    for (SubmitResult result : results) {
      if (result instanceof SubmitResult.Accepted(Job job) && job.state() == JobState.QUEUED) {
        ready.add(job);
      } else if (result instanceof SubmitResult.Replaced(Job job)
          && job.state() == JobState.QUEUED
          && ready.stream().noneMatch(each -> each.id().equals(job.id()))) {
        ready.add(job);
      } else if (result instanceof SubmitResult.Dropped(_, Job callback) && callback != null) {
        ready.add(callback);
      }
    }
    tellReady(ready);
    return results;
  }

  @Override
  public SaveResult save(List<Transition> transitions) {
    SaveResult result = store.save(transitions);
    Set<AttemptId> applied = result.applied();
    List<Transition> changed =
        applied.size() == transitions.size()
            ? transitions
            : transitions.stream().filter(each -> applied.contains(each.attempt())).toList();
    tellReady(result.ready());
    if (!changed.isEmpty()) {
      listener.changed(changed);
    }
    return result;
  }

  private void tellReady(List<Job> ready) {
    if (!ready.isEmpty()) {
      listener.ready(ready);
    }
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
  public Map<JobId, JobState> states(Collection<JobId> ids) {
    return store.states(ids);
  }

  @Override
  public Set<AttemptId> current(Collection<AttemptId> attempts) {
    return store.current(attempts);
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
  public EndedJobs ended(
      String queue, JobState state, @Nullable JobId after, Instant before, int limit) {
    return store.ended(queue, state, after, before, limit);
  }

  @Override
  public EndedJobs newestEnded(String queue, JobState state, @Nullable JobId before, int limit) {
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
