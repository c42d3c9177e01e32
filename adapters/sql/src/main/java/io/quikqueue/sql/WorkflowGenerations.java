package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.NewGeneration;
import io.quikqueue.domain.port.NodeView;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.port.Workflows.Retried;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Retries of workflows. The table {@code workflow_generations} has a row for each generation that
 * was followed by another, and {@code workflow_history} one for each node that got another job: the
 * one that it had up to that generation.
 */
final class WorkflowGenerations {

  private static final String SELECT =
      """
      SELECT state, done, failed, cancelled, expired, skipped, failures, finished_at
      FROM workflow_generations WHERE workflow_id = :id AND generation = :generation\
      """;
  private static final String SELECT_BY_KEY =
      """
      SELECT fingerprint FROM workflow_generations
      WHERE workflow_id = :id AND idempotency_key = :key\
      """;

  /**
   * The job that a node had in a generation is that of the first retry from then on, or its own.
   * Nodes that were added later are left out: a generation has as many as it counted at its end.
   */
  private static final String SELECT_NODES =
      """
      SELECT n.idx, n.name, COALESCE(h.job_id, n.job_id), n.needs, n.run_if, n.optional,
        COALESCE(h.state, n.state)
      FROM workflow_nodes n LEFT JOIN workflow_history h
        ON h.workflow_id = n.workflow_id AND h.idx = n.idx AND h.generation =
          (SELECT MIN(x.generation) FROM workflow_history x WHERE x.workflow_id = n.workflow_id
            AND x.idx = n.idx AND x.generation >= :generation)
      WHERE n.workflow_id = :id AND n.idx >= :from AND n.idx < COALESCE(
          (SELECT g.done + g.failed + g.cancelled + g.expired + g.skipped
            FROM workflow_generations g WHERE g.workflow_id = :id AND g.generation = :generation),
          2147483647)
      ORDER BY n.idx LIMIT :limit\
      """;

  private static final String COUNT_NODES =
      "SELECT COUNT(*) FROM workflow_nodes WHERE workflow_id = ?";
  private static final String SELECT_JOBS =
      "SELECT job_id, state FROM workflow_nodes WHERE workflow_id = ? AND idx IN (%s)";
  private static final String INSERT =
      """
      INSERT INTO workflow_generations (workflow_id, generation, state, done, failed, cancelled,
        expired, skipped, failures, finished_at, retried_at, retried_by, idempotency_key, fingerprint)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String KEEP =
      """
      INSERT INTO workflow_history (workflow_id, idx, generation, job_id, state)
      SELECT workflow_id, idx, ?, job_id, state FROM workflow_nodes
      WHERE workflow_id = ? AND idx IN (%s)\
      """;
  private static final String UPDATE =
      """
      UPDATE workflow_nodes SET job_id = ?, state = 0, open_needs = ?, succeeded = ?, failed = ?,
        skipped = ?, cause = ? WHERE workflow_id = ? AND idx = ?\
      """;
  private static final String RETIRE =
      """
      UPDATE workflow_nodes SET state = ?, open_needs = 0, succeeded = 0, failed = 0, skipped = 0,
        cause = NULL WHERE workflow_id = ? AND idx IN (%s)\
      """;
  private static final int AT_ONCE = 512;

  private final Database database;
  private final WorkflowRows rows;
  private final WorkflowNodes nodes;
  private final WaitingRows waiting;
  private final SideRows side;

  WorkflowGenerations(Database database, WorkflowRows rows, SideRows side) {
    this.database = database;
    this.rows = rows;
    this.nodes = new WorkflowNodes(database.dialect());
    this.waiting = new WaitingRows(database.dialect());
    this.side = side;
  }

  /** An earlier generation, as it ended. */
  Optional<WorkflowView> find(WorkflowView now, int generation) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT)
                .bind("id", now.id().bytes())
                .bind("generation", generation)
                .map((row, _) -> earlier(now, generation, row))
                .findOne());
  }

  private static WorkflowView earlier(WorkflowView now, int generation, ResultSet row)
      throws SQLException {
    Instant finished = Micros.toInstant(row.getLong(8));
    WorkflowProgress progress =
        new WorkflowProgress(
            WorkflowState.ofCode(row.getInt(1)),
            now.progress().onFailure(),
            0,
            0,
            row.getInt(2),
            row.getInt(3),
            row.getInt(4),
            row.getInt(5),
            row.getInt(6),
            row.getInt(7));
    return new WorkflowView(
        now.id(),
        now.name(),
        progress,
        generation,
        progress.nodes(),
        now.owner(),
        now.createdAt(),
        finished,
        finished,
        now.reach());
  }

  List<NodeView> nodes(WorkflowId id, int generation, int from, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT_NODES)
                .bind("id", id.bytes())
                .bind("generation", generation)
                .bind("from", from)
                .bind("limit", limit)
                .map((row, _) -> SqlWorkflows.node(row))
                .list());
  }

  Optional<Retried> retried(WorkflowView now, IdempotencyKey key) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT_BY_KEY)
                .bind("id", now.id().bytes())
                .bind("key", Utf8.of(key.key()))
                .map(
                    (row, _) ->
                        key.isSameRequest(Utf8.text(row, 1))
                            ? new Retried.Replayed(now)
                            : (Retried) new Retried.KeyReused())
                .findFirst());
  }

  /** Begins a generation. Throws a {@link BadRowException} for what the store cannot hold. */
  Retried retry(NewGeneration made) throws BadRowException {
    return database.writeRows((handle, commit) -> retry(handle, commit, made));
  }

  private Retried retry(Handle handle, Commit commit, NewGeneration made) throws SQLException {
    Connection connection = handle.getConnection();
    WorkflowRows.Flows flows = rows.lock(connection, List.of(made.id()));
    if (!flows.has(made.id())) {
      return new Retried.Outdated();
    }
    WorkflowView view = flows.get(made.id());
    List<Job> ready =
        made.again().stream()
            .map(NewGeneration.Node::job)
            .filter(job -> job.state() == JobState.QUEUED)
            .toList();
    if (view.generation() == made.after() + 1 && isStored(connection, made)) {
      return new Retried.Stored(view, ready); // by a run before, whose commit went unheard
    }
    if (view.generation() != made.after()
        || !view.progress().state().terminal()
        || count(connection, made.id()) != view.nodes()) {
      return new Retried.Outdated();
    }
    List<Submission> submissions =
        made.again().stream().map(NewGeneration.Node::submission).toList();
    for (SubmitResult each : waiting.refuse(connection, submissions).values()) {
      if (each instanceof SubmitResult.Full full) {
        connection.rollback();
        return new Retried.Full(full);
      }
    }
    insert(connection, view, made);
    keep(connection, commit, made);
    renew(connection, made);
    retire(connection, made);
    WorkflowView after = view.again(made.progress(), made.now());
    WorkflowColumns.update(connection, List.of(after));
    List<Job> all =
        made.again().stream()
            .map(NewGeneration.Node::job)
            .sorted(Comparator.comparing(Job::id))
            .toList();
    NewJobs.insert(database.dialect(), connection, all);
    WaitNodes waits = new WaitNodes(database.dialect());
    waits.forgetSignals(connection, made.id());
    waits.begin(connection, all);
    side.submitted(commit, all);
    return new Retried.Stored(after, ready);
  }

  private static boolean isStored(Connection connection, NewGeneration made) throws SQLException {
    NewGeneration.Node first = made.again().getFirst();
    Map<JobId, JobState> now = jobs(connection, made.id(), List.of(first.index()));
    return now.containsKey(first.job().id());
  }

  /** The jobs of nodes, with how those ended. */
  private static Map<JobId, JobState> jobs(
      Connection connection, WorkflowId id, List<Integer> indexes) throws SQLException {
    Map<JobId, JobState> jobs = new HashMap<>();
    String sql = SELECT_JOBS.formatted(MultiRow.marks(indexes.size()));
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setBytes(1, id.bytes());
      bind(select, 2, indexes);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          int state = row.getInt(2);
          jobs.put(
              JobId.of(row.getBytes(1)), state == 0 ? JobState.WAITING : JobState.ofCode(state));
        }
      }
    }
    return jobs;
  }

  private static void bind(PreparedStatement to, int from, List<Integer> indexes)
      throws SQLException {
    for (int i = 0; i < MultiRow.padded(indexes.size()); i++) {
      to.setInt(from + i, indexes.get(Math.min(i, indexes.size() - 1)));
    }
  }

  private static int count(Connection connection, WorkflowId id) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(COUNT_NODES)) {
      count.setBytes(1, id.bytes());
      try (ResultSet row = count.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  /** Writes how the generation ended that is followed by another one. */
  private static void insert(Connection connection, WorkflowView view, NewGeneration made)
      throws SQLException {
    WorkflowProgress progress = view.progress();
    IdempotencyKey key = made.key();
    Instant finished = view.finishedAt();
    try (PreparedStatement to = connection.prepareStatement(INSERT)) {
      to.setBytes(1, view.id().bytes());
      to.setInt(2, view.generation());
      to.setInt(3, progress.state().code());
      to.setInt(4, progress.done());
      to.setInt(5, progress.failed());
      to.setInt(6, progress.cancelled());
      to.setInt(7, progress.expired());
      to.setInt(8, progress.skipped());
      to.setInt(9, progress.failures());
      to.setLong(10, Micros.of(finished == null ? view.updatedAt() : finished));
      to.setLong(11, Micros.of(made.now()));
      to.setBytes(12, Utf8.orNull(made.by()));
      to.setBytes(13, key == null ? null : Utf8.of(key.key()));
      to.setBytes(14, key == null ? null : Utf8.of(key.fingerprint()));
      to.executeUpdate();
    }
  }

  /**
   * Keeps the jobs that nodes had, which are no dead letters any more, and nothing else of them.
   */
  private void keep(Connection connection, Commit commit, NewGeneration made) throws SQLException {
    List<Integer> indexes =
        Stream.concat(made.again().stream().map(NewGeneration.Node::index), made.retired().stream())
            .toList();
    List<JobId> all = new ArrayList<>(indexes.size());
    List<JobId> failed = new ArrayList<>();
    for (int from = 0; from < indexes.size(); from += AT_ONCE) {
      List<Integer> part = indexes.subList(from, Math.min(from + AT_ONCE, indexes.size()));
      jobs(connection, made.id(), part)
          .forEach(
              (job, state) -> {
                all.add(job);
                if (state == JobState.FAILED) {
                  failed.add(job);
                }
              });
      try (PreparedStatement keep =
          connection.prepareStatement(KEEP.formatted(MultiRow.marks(part.size())))) {
        keep.setInt(1, made.after());
        keep.setBytes(2, made.id().bytes());
        bind(keep, 3, part);
        keep.executeUpdate();
      }
    }
    nodes.forgetNeeds(connection, all);
    nodes.forgetUntold(connection, made.id());
    new DeadRows(database.dialect()).gone(connection, commit, Ids.sorted(failed));
  }

  /** Has nodes be SKIPPED that others will perhaps add again. They keep the jobs that they had. */
  private static void retire(Connection connection, NewGeneration made) throws SQLException {
    List<Integer> retired = made.retired();
    for (int from = 0; from < retired.size(); from += AT_ONCE) {
      List<Integer> part = retired.subList(from, Math.min(from + AT_ONCE, retired.size()));
      try (PreparedStatement retire =
          connection.prepareStatement(RETIRE.formatted(MultiRow.marks(part.size())))) {
        retire.setInt(1, JobState.SKIPPED.code());
        retire.setBytes(2, made.id().bytes());
        bind(retire, 3, part);
        retire.executeUpdate();
      }
    }
  }

  /** Gives nodes their new jobs, and lets these wait for each other. */
  private void renew(Connection connection, NewGeneration made) throws SQLException {
    int met =
        MultiRow.executeEach(
            connection,
            UPDATE,
            made.again(),
            (to, _, node) -> {
              Needs needs = node.needs();
              to.setBytes(1, node.job().id().bytes());
              to.setInt(2, needs.open());
              to.setInt(3, needs.succeeded());
              to.setInt(4, needs.failed());
              to.setInt(5, needs.skipped());
              to.setBytes(6, Utf8.orNull(needs.cause()));
              to.setBytes(7, made.id().bytes());
              to.setInt(8, node.index());
            });
    if (met != made.again().size()) {
      throw new IllegalStateException(
          "%d of %d nodes of workflow %s are there".formatted(met, made.again().size(), made.id()));
    }
    Map<Integer, JobId> jobs = new HashMap<>();
    made.again().forEach(node -> jobs.put(node.index(), node.job().id()));
    List<WorkflowNodes.Need> needs = new ArrayList<>();
    for (NewGeneration.Node node : made.again()) {
      for (int needed : node.waitsFor()) {
        JobId other = jobs.get(needed);
        if (other == null) {
          throw new IllegalArgumentException("node " + needed + " does not run again");
        }
        needs.add(new WorkflowNodes.Need(node.job().id(), other));
      }
    }
    nodes.addNeeds(connection, needs);
  }
}
