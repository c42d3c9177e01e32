package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
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
import io.quikqueue.domain.port.WorkflowListener;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The jobs, in the table {@code jobs} and those beside it. */
final class SqlJobStore implements JobStore {

  private static final String SELECT_SUMMARY =
      "SELECT "
          + JobColumns.select(Map.of("payload", "'null'", "result", "NULL"))
          + " FROM jobs j WHERE j.id IN (%s)";
  private static final String SELECT_CURRENT =
      "SELECT id, attempt, state FROM jobs WHERE id IN (%s)";

  private final Database database;
  private final String select;
  private final SubmitRows submit;
  private final SaveRows save;
  private final ListRows list;
  private final PruneRows prune;
  private final EndedRows ended;
  private final PruneKeys keys;

  SqlJobStore(Database database, boolean outbox, CallbackJobs callbacks) {
    this(database, outbox, callbacks, WorkflowListener.NONE);
  }

  SqlJobStore(
      Database database, boolean outbox, CallbackJobs callbacks, WorkflowListener workflows) {
    SideRows side = new SideRows(database.dialect(), outbox);
    this.database = database;
    this.select = database.dialect().jobsById();
    DependencyRows dependencies = new DependencyRows(database.dialect());
    CallbackRows made = new CallbackRows(database.dialect(), callbacks);
    this.submit = new SubmitRows(database, side, dependencies, made);
    this.save = new SaveRows(database, side, dependencies, made, workflows);
    this.list = new ListRows(database, System::nanoTime);
    this.prune = new PruneRows(database);
    this.ended = new EndedRows(database);
    this.keys = new PruneKeys(database);
  }

  @Override
  public List<SubmitResult> submit(List<Submission> submissions) {
    return submit.submit(submissions);
  }

  @Override
  public SaveResult save(List<Transition> transitions) {
    return save.save(transitions);
  }

  @Override
  public Map<JobId, Job> find(Collection<JobId> ids) {
    return find(select, ids);
  }

  @Override
  public Optional<SubmitResult> find(IdempotencyKey key, Instant now) {
    Optional<KeyRows.Use> before = use(key, now);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    KeyRows.Use use = before.get();
    Job job = find(List.of(use.job())).get(use.job());
    return job == null // then it may have been deleted since, and its key says how it ended
        ? use(key, now).map(KeyRows.Use::deleted)
        : Optional.of(new SubmitResult.Replayed(job));
  }

  private Optional<KeyRows.Use> use(IdempotencyKey key, Instant now) {
    return database.read(handle -> KeyRows.use(handle.getConnection(), key, now));
  }

  private Map<JobId, Job> find(String select, Collection<JobId> ids) {
    List<JobId> sorted = Ids.sorted(ids);
    if (sorted.isEmpty()) {
      return Map.of();
    }
    return database.read(
        handle -> {
          Map<JobId, Job> found = LinkedHashMap.newLinkedHashMap(sorted.size());
          Ids.query(
              handle.getConnection(),
              select,
              sorted,
              row -> {
                Job job = JobColumns.read(row, database.dialect().cipher());
                found.put(job.id(), job);
              });
          return found;
        });
  }

  @Override
  public Map<JobId, JobState> states(Collection<JobId> ids) {
    List<JobId> sorted = Ids.sorted(ids);
    if (sorted.isEmpty()) {
      return Map.of();
    }
    return database.readPlain(
        connection -> {
          Map<JobId, JobState> states = HashMap.newHashMap(sorted.size());
          Ids.query(
              connection,
              SELECT_CURRENT,
              sorted,
              row -> states.put(JobId.of(row.getBytes(1)), JobState.ofCode(row.getInt(3))));
          return states;
        });
  }

  @Override
  public Set<AttemptId> current(Collection<AttemptId> attempts) {
    Set<AttemptId> asked = new HashSet<>(attempts);
    List<JobId> ids = Ids.sorted(asked.stream().map(AttemptId::job).toList());
    if (ids.isEmpty()) {
      return Set.of();
    }
    return database.readPlain(
        connection -> {
          Set<AttemptId> current = HashSet.newHashSet(ids.size());
          Ids.query(
              connection,
              SELECT_CURRENT,
              ids,
              row -> {
                AttemptId attempt = new AttemptId(JobId.of(row.getBytes(1)), row.getInt(2));
                if (JobState.ofCode(row.getInt(3)).active() && asked.contains(attempt)) {
                  current.add(attempt);
                }
              });
          return current;
        });
  }

  @Override
  public JobPage list(JobQuery query) {
    ListRows.Page page = list.page(query);
    return ListRows.filled(page, summaries(page.ids()), query);
  }

  /** What stores new jobs, for those who do it in a transaction of theirs. */
  SubmitRows submits() {
    return submit;
  }

  /** These jobs, each without its payload and result. */
  Map<JobId, Job> summaries(Collection<JobId> ids) {
    return find(SELECT_SUMMARY, ids);
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return database.read(handle -> AttemptRows.last(handle, id));
  }

  @Override
  public List<Generation> generations(JobId id) {
    return database.read(handle -> EditRows.of(handle, database.dialect().cipher(), id));
  }

  @Override
  public int prune(Instant finishedBefore, Map<String, Set<JobState>> except, int limit) {
    return prune.prune(finishedBefore, except, limit);
  }

  @Override
  public EndedJobs ended(
      String queue, JobState state, @Nullable JobId after, Instant before, int limit) {
    return ended.oldest(queue, state, after, before, limit);
  }

  @Override
  public EndedJobs newestEnded(String queue, JobState state, @Nullable JobId before, int limit) {
    return ended.newest(queue, state, before, limit);
  }

  @Override
  public int pruneKeys(Instant now, int limit) {
    return keys.prune(now, limit);
  }

  @Override
  public int deleteEnded(Collection<JobId> ids, Instant finishedBefore) {
    return prune.deleteEnded(ids, finishedBefore);
  }
}
