package io.quikqueue.sql;

import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NewWorkflow;
import io.quikqueue.domain.port.NodeResults;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.port.WorkflowPage;
import io.quikqueue.domain.port.WorkflowQuery;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables {@code workflows} and {@code workflow_nodes}. */
final class SqlWorkflows implements Workflows {

  private static final String SELECT =
      "SELECT " + WorkflowColumns.ALL + " FROM workflows WHERE id = :id";
  private static final String SELECT_BY_KEY =
      "SELECT " + WorkflowColumns.ALL + ", fingerprint FROM workflows WHERE idempotency_key = :key";
  private static final String SELECT_NODES =
      """
      SELECT idx, name, job_id, needs, run_if, optional, state FROM workflow_nodes
      WHERE workflow_id = :id AND idx >= :from ORDER BY idx LIMIT :limit\
      """;
  private static final String SELECT_LEFT =
      "SELECT DISTINCT workflow_id FROM workflow_untold ORDER BY workflow_id LIMIT :limit";
  private static final String INSERT_NODES =
      """
      INSERT INTO workflow_nodes (workflow_id, idx, name, job_id, run_if, optional, state,
        open_needs, succeeded, failed, skipped, cause, needs) VALUES\
      """;

  private record Used(WorkflowView workflow, String fingerprint) {}

  private final Database database;
  private final WaitingRows waiting;
  private final SideRows side;
  private final SaveRows save;
  private final WorkflowRows rows;
  private final WaitNodes waitNodes;
  private final WorkflowResults results;
  private final WorkflowGenerations generations;
  private final PruneWorkflows prune;

  SqlWorkflows(Database database, boolean outbox, CallbackJobs callbacks, SqlJobStore jobs) {
    this(database, outbox, callbacks, jobs, WorkflowListener.NONE);
  }

  /**
   * @param listener hears of those that ended
   */
  SqlWorkflows(
      Database database,
      boolean outbox,
      CallbackJobs callbacks,
      SqlJobStore jobs,
      WorkflowListener listener) {
    Dialect dialect = database.dialect();
    this.database = database;
    this.waiting = new WaitingRows(dialect);
    this.side = new SideRows(dialect, outbox);
    this.rows = new WorkflowRows(dialect);
    this.waitNodes = new WaitNodes(dialect);
    this.results = new WorkflowResults(database, jobs);
    this.generations = new WorkflowGenerations(database, rows, side);
    this.prune = new PruneWorkflows(database, rows);
    this.save =
        new SaveRows(
            database,
            side,
            new DependencyRows(dialect),
            new CallbackRows(dialect, callbacks),
            listener);
  }

  /** What their nodes wait for. */
  SqlWorkflowSignals signals() {
    return new SqlWorkflowSignals(database, save);
  }

  @Override
  public Submitted submit(NewWorkflow made) {
    for (Submission each : made.jobs()) {
      if (!Micros.hold(each.job().runAt()) || !Micros.hold(each.job().spec().deadline())) {
        return new Submitted.Refused("a time is out of range");
      }
    }
    for (int race = 0; race < 5; race++) {
      Optional<Submitted> before = before(made);
      if (before.isPresent()) {
        return before.get();
      }
      try {
        return database.writeRows((handle, commit) -> insert(handle, commit, made));
      } catch (BadRowException e) {
        if (!e.duplicate()) {
          return new Submitted.Refused("the store cannot hold it");
        }
      }
    }
    throw new UnavailableException("store", "the same workflow is being stored by others");
  }

  private Optional<Submitted> before(NewWorkflow made) {
    IdempotencyKey key = made.key();
    if (key != null) {
      Optional<Used> used =
          database.read(
              handle ->
                  handle
                      .createQuery(SELECT_BY_KEY)
                      .bind("key", Utf8.of(key.key()))
                      .map((row, _) -> new Used(WorkflowColumns.read(row), Utf8.text(row, 20)))
                      .findOne());
      if (used.isPresent() && !used.get().workflow().id().equals(made.id())) {
        WorkflowView first = used.get().workflow();
        return Optional.of(
            key.isSameRequest(used.get().fingerprint())
                ? new Submitted.Replayed(first)
                : new Submitted.KeyReused(first.id()));
      }
    }
    return find(made.id()).map(view -> new Submitted.Stored(view, List.of()));
  }

  private Submitted insert(Handle handle, Commit commit, NewWorkflow made) throws SQLException {
    Connection connection = handle.getConnection();
    Map<JobId, SubmitResult> full = waiting.refuse(connection, made.jobs());
    for (SubmitResult each : full.values()) {
      if (each instanceof SubmitResult.Full queue) {
        connection.rollback();
        return new Submitted.Full(queue);
      }
    }
    List<Job> all = made.jobs().stream().map(Submission::job).toList();
    int waits = (int) all.stream().filter(job -> job.state() == JobState.WAITING).count();
    WorkflowView view =
        new WorkflowView(
            made.id(),
            made.graph().spec().name(),
            WorkflowProgress.of(made.graph().spec().onFailure(), waits, all.size() - waits),
            1,
            all.size(),
            made.owner(),
            made.createdAt(),
            made.createdAt(),
            null,
            made.reach());
    IdempotencyKey key = made.key();
    WorkflowColumns.insert(
        connection,
        view,
        key == null ? new byte[0] : Utf8.of(key.key()),
        key == null ? new byte[0] : Utf8.of(key.fingerprint()));
    insertNodes(connection, made, all);
    waitNodes.begin(connection, all);
    NewJobs.insert(database.dialect(), connection, all);
    side.submitted(commit, all);
    return new Submitted.Stored(
        view, all.stream().filter(job -> job.state() == JobState.QUEUED).toList());
  }

  private void insertNodes(Connection connection, NewWorkflow made, List<Job> all)
      throws SQLException {
    Dialect dialect = database.dialect();
    List<Integer> indexes = new ArrayList<>();
    List<WorkflowNodes.Need> needs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      indexes.add(i);
      for (int needed : made.graph().needs(i)) {
        needs.add(new WorkflowNodes.Need(all.get(i).id(), all.get(needed).id()));
      }
    }
    dialect.insert(
        connection,
        INSERT_NODES,
        13,
        "",
        indexes,
        node -> 65 * made.graph().needs(node).size(),
        (to, at, node) -> {
          var spec = made.graph().spec().nodes().get(node);
          List<String> names = spec.needs();
          to.setBytes(at + 1, made.id().bytes());
          to.setInt(at + 2, node);
          to.setBytes(at + 3, Utf8.of(spec.name()));
          to.setBytes(at + 4, all.get(node).id().bytes());
          to.setInt(at + 5, spec.runIf().code());
          to.setBoolean(at + 6, spec.optional());
          to.setInt(at + 7, 0);
          to.setInt(at + 8, names.size());
          to.setInt(at + 9, 0);
          to.setInt(at + 10, 0);
          to.setInt(at + 11, 0);
          to.setBytes(at + 12, null);
          to.setBytes(at + 13, names.isEmpty() ? null : Utf8.of(String.join(",", names)));
        });
    new WorkflowNodes(dialect).addNeeds(connection, needs);
  }

  @Override
  public Optional<WorkflowView> find(WorkflowId id) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT)
                .bind("id", id.bytes())
                .map((row, _) -> WorkflowColumns.read(row))
                .findOne());
  }

  @Override
  public List<NodeView> nodes(WorkflowId id, int from, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT_NODES)
                .bind("id", id.bytes())
                .bind("from", from)
                .bind("limit", limit)
                .map((row, _) -> node(row))
                .list());
  }

  /** A row of {@code idx, name, job_id, needs, run_if, optional, state}. */
  static NodeView node(ResultSet row) throws SQLException {
    String needs = JobTexts.readBytes(row, 4);
    int state = row.getInt(7);
    return new NodeView(
        row.getInt(1),
        String.valueOf(JobTexts.readBytes(row, 2)),
        JobId.of(row.getBytes(3)),
        needs == null ? List.of() : List.of(needs.split(",", -1)),
        RunIf.ofCode(row.getInt(5)),
        row.getBoolean(6),
        state == 0 ? null : JobState.ofCode(state));
  }

  @Override
  public Optional<WorkflowView> find(WorkflowId id, int generation) {
    Optional<WorkflowView> now = find(id);
    return now.isEmpty() || now.get().generation() == generation
        ? now
        : generations.find(now.get(), generation);
  }

  @Override
  public List<NodeView> nodes(WorkflowId id, int generation, int from, int limit) {
    return generations.nodes(id, generation, from, limit);
  }

  @Override
  public Retried retry(NewGeneration generation) {
    try {
      return generations.retry(generation);
    } catch (BadRowException e) {
      return e.duplicate()
          ? new Retried.Outdated()
          : new Retried.Refused("the store cannot hold it");
    }
  }

  @Override
  public Optional<Retried> retried(WorkflowId id, IdempotencyKey key) {
    return find(id).flatMap(view -> generations.retried(view, key));
  }

  @Override
  public WorkflowPage list(WorkflowQuery query) {
    return WorkflowPages.page(database, query);
  }

  @Override
  public Map<WorkflowState, Long> open() {
    return database.readPlain(WorkflowColumns::open);
  }

  @Override
  public Optional<WorkflowView> cancel(WorkflowId id, Instant now) {
    boolean sweeps =
        database.write(
            (handle, _) -> {
              Connection connection = handle.getConnection();
              WorkflowRows.Flows flows = rows.lock(connection, List.of(id));
              if (!flows.has(id) || flows.get(id).progress().state().terminal()) {
                return false;
              }
              WorkflowView view = flows.get(id);
              rows.beginSweep(connection, flows, view.after(view.progress().cancel(), now));
              return true;
            });
    if (sweeps) {
      save.proceed(id);
    }
    return find(id);
  }

  @Override
  public @Nullable NodeResults results(WorkflowId id, Collection<String> names, long mostChars) {
    return results.of(id, names, mostChars);
  }

  @Override
  public List<Job> proceed(int most) {
    List<WorkflowId> left =
        database.read(
            handle ->
                handle
                    .createQuery(SELECT_LEFT)
                    .bind("limit", most)
                    .map((row, _) -> WorkflowId.of(row.getBytes(1)))
                    .list());
    List<Job> ready = new ArrayList<>();
    left.forEach(id -> ready.addAll(save.proceed(id)));
    return ready;
  }

  @Override
  public int prune(Instant finishedBefore, int limit) {
    return prune.prune(finishedBefore, limit);
  }
}
