package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.Needs;
import io.quikqueue.domain.workflow.RunIf;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code workflow_nodes} and {@code workflow_untold}, and the rows of {@code
 * dependencies} that are of nodes: one for each need that the node has not been told of.
 */
final class WorkflowNodes {

  /** The kind of dependency. */
  static final int KIND = 2;

  /** Needs that are told of at once. */
  private static final int MOST_ROWS = 2_048;

  private static final String NODE = "n.workflow_id, n.idx, n.name, n.job_id, n.optional, n.state";
  private static final String SELECT_BY_JOB =
      "SELECT " + NODE + " FROM workflow_nodes n WHERE n.job_id IN (%s)";
  private static final String SELECT_OPEN =
      "SELECT "
          + NODE
          + " FROM workflow_nodes n WHERE n.workflow_id = ? AND n.state = 0 ORDER BY n.idx LIMIT ?";
  private static final String SELECT_UNTOLD =
      "SELECT "
          + NODE
          + """
           FROM workflow_untold u JOIN workflow_nodes n ON n.workflow_id = u.workflow_id
          AND n.idx = u.idx WHERE u.workflow_id = ? ORDER BY u.idx LIMIT ?\
          """;
  private static final String SELECT_DEPENDENTS =
      "SELECT "
          + NODE
          + """
          , d.needs, n.run_if, n.open_needs, n.succeeded, n.failed, n.skipped, n.cause
          FROM dependencies d JOIN workflow_nodes n ON n.job_id = d.job_id
          WHERE d.needs IN (%%s) AND d.kind = %d ORDER BY d.job_id, d.needs LIMIT %d\
          """;
  private static final String SELECT_WITH_NEEDS =
      "SELECT DISTINCT job_id FROM dependencies WHERE job_id IN (%s) AND kind = " + KIND;
  private static final String SELECT_LEFT_NEEDS =
      """
      SELECT DISTINCT n.job_id FROM workflow_nodes n
      JOIN dependencies d ON d.job_id = n.job_id AND d.kind = %d
      WHERE n.workflow_id = ? AND n.idx <= ?\
      """;
  private static final String INSERT_NEEDS =
      "INSERT INTO dependencies (job_id, needs, kind) VALUES";
  private static final String END = "UPDATE %s SET state = ? WHERE workflow_id = ? AND idx IN (%s)";
  private static final String COUNT =
      """
      UPDATE workflow_nodes SET open_needs = ?, succeeded = ?, failed = ?, skipped = ?, cause = ?
      WHERE workflow_id = ? AND idx = ?\
      """;

  /**
   * A node as a row has it.
   *
   * @param ended null = it has not
   */
  record Node(
      WorkflowId workflow,
      int index,
      String name,
      JobId job,
      boolean optional,
      @Nullable JobState ended) {

    Node after(JobState end) {
      return new Node(workflow, index, name, job, optional, end);
    }
  }

  /** A node waits for another one. */
  record Need(JobId job, JobId needs) {}

  private record End(WorkflowId workflow, JobState state) {}

  /**
   * A node that needs others.
   *
   * @param needs with what was told of now
   * @param told the jobs that it was told of
   */
  record Dependent(Node node, Needs needs, List<JobId> told) {

    Dependent after(Node ended) {
      JobState end = ended.ended();
      if (end == null) {
        throw new IllegalStateException("node " + ended.name() + " has not ended");
      }
      List<JobId> all = new ArrayList<>(told);
      all.add(ended.job());
      return new Dependent(node, needs.after(ended.name(), end, ended.optional()), all);
    }
  }

  /**
   * Those that need nodes.
   *
   * @param whole whether these are all
   */
  record Told(List<Dependent> dependents, boolean whole) {}

  private final Dialect dialect;

  WorkflowNodes(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Lets nodes wait for others. */
  void addNeeds(Connection connection, List<Need> needs) throws SQLException {
    dialect.insert(
        connection,
        INSERT_NEEDS,
        3,
        "",
        needs,
        _ -> 0,
        (to, at, need) -> {
          to.setBytes(at + 1, need.job().bytes());
          to.setBytes(at + 2, need.needs().bytes());
          to.setInt(at + 3, KIND);
        });
  }

  /** The nodes of these jobs. */
  List<Node> ofJobs(Connection connection, Collection<JobId> jobs) throws SQLException {
    List<Node> nodes = new ArrayList<>(jobs.size());
    if (!jobs.isEmpty()) {
      Ids.query(connection, SELECT_BY_JOB, Ids.sorted(jobs), row -> nodes.add(node(row)));
    }
    return nodes;
  }

  /** Some of those that have not ended. */
  List<Node> open(Connection connection, WorkflowId workflow, int most) throws SQLException {
    return some(connection, SELECT_OPEN, workflow, most);
  }

  /** Some of those that have ended while others are not told. */
  List<Node> untold(Connection connection, WorkflowId workflow, int most) throws SQLException {
    return some(connection, SELECT_UNTOLD, workflow, most);
  }

  private static List<Node> some(Connection connection, String sql, WorkflowId workflow, int most)
      throws SQLException {
    List<Node> nodes = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setBytes(1, workflow.bytes());
      select.setInt(2, most);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          nodes.add(node(rows));
        }
      }
    }
    return nodes;
  }

  private static Node node(ResultSet row) throws SQLException {
    int state = row.getInt(6);
    return new Node(
        WorkflowId.of(row.getBytes(1)),
        row.getInt(2),
        String.valueOf(JobTexts.readBytes(row, 3)),
        JobId.of(row.getBytes(4)),
        row.getBoolean(5),
        state == 0 ? null : JobState.ofCode(state));
  }

  /**
   * Those that need nodes which have ended and are not told yet, with that counted.
   *
   * @param ended by their jobs
   * @param most dependents
   */
  Told dependents(Connection connection, Map<JobId, Node> ended, int most) throws SQLException {
    Map<JobId, Dependent> found = new LinkedHashMap<>();
    boolean[] cut = {most <= 0};
    int[] rows = {0};
    List<JobId> ids = Ids.sorted(ended.keySet());
    String sql = SELECT_DEPENDENTS.formatted(KIND, MOST_ROWS + 1);
    for (int from = 0; from < ids.size() && !cut[0]; from += 512) {
      rows[0] = 0;
      Ids.query(
          connection,
          sql,
          ids.subList(from, Math.min(from + 512, ids.size())),
          row -> {
            Node node = node(row);
            Node needed = ended.get(JobId.of(row.getBytes(7)));
            Dependent known = found.get(node.job());
            if (needed == null
                || ++rows[0] > MOST_ROWS
                || (known == null && found.size() >= most)) {
              cut[0] = true;
              return;
            }
            Dependent before = known == null ? new Dependent(node, needs(row), List.of()) : known;
            found.put(node.job(), before.after(needed));
          });
    }
    return new Told(List.copyOf(found.values()), !cut[0]);
  }

  private static Needs needs(ResultSet row) throws SQLException {
    return new Needs(
        RunIf.ofCode(row.getInt(8)),
        row.getInt(9),
        row.getInt(10),
        row.getInt(11),
        row.getInt(12),
        JobTexts.readBytes(row, 13));
  }

  /** Writes how far nodes that go on waiting have been told. */
  void count(Connection connection, List<Dependent> waiting) throws SQLException {
    MultiRow.executeEach(
        connection,
        COUNT,
        waiting,
        (to, _, each) -> {
          Needs needs = each.needs();
          to.setInt(1, needs.open());
          to.setInt(2, needs.succeeded());
          to.setInt(3, needs.failed());
          to.setInt(4, needs.skipped());
          String cause = needs.cause();
          to.setBytes(5, Utf8.orNull(cause));
          to.setBytes(6, each.node().workflow().bytes());
          to.setInt(7, each.node().index());
        });
    for (Dependent each : waiting) {
      List<JobId> told = Ids.sorted(each.told());
      for (int from = 0; from < told.size(); from += 512) {
        forgetNeeds(
            connection, each.node().job(), told.subList(from, Math.min(from + 512, told.size())));
      }
    }
  }

  /** Deletes needs of a node, at most 512; the text has no id in it, so that it is kept. */
  private void forgetNeeds(Connection connection, JobId node, List<JobId> told)
      throws SQLException {
    String sql =
        dialect.deleteByKey("dependencies")
            + " WHERE job_id = ? AND needs IN (%s)".formatted(MultiRow.marks(told.size()));
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setBytes(1, node.bytes());
      for (int i = 0; i < MultiRow.padded(told.size()); i++) {
        delete.setBytes(i + 2, told.get(Math.min(i, told.size() - 1)).bytes());
      }
      delete.executeUpdate();
    }
  }

  /** Those of these jobs that wait for others, as far as the needs say. */
  Set<JobId> withNeeds(Connection connection, Collection<JobId> jobs) throws SQLException {
    Set<JobId> waiting = new HashSet<>(0);
    if (!jobs.isEmpty()) {
      Ids.query(
          connection,
          SELECT_WITH_NEEDS,
          Ids.sorted(jobs),
          row -> waiting.add(JobId.of(row.getBytes(1))));
    }
    return waiting;
  }

  /** Deletes what versions without workflows have left of the needs of nodes up to an index. */
  void forgetAllNeeds(Connection connection, WorkflowId workflow, int last) throws SQLException {
    Set<JobId> left = new HashSet<>(0);
    try (PreparedStatement select =
        connection.prepareStatement(SELECT_LEFT_NEEDS.formatted(KIND))) {
      select.setBytes(1, workflow.bytes());
      select.setInt(2, last);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          left.add(JobId.of(row.getBytes(1)));
        }
      }
    }
    forgetNeeds(connection, left);
  }

  /** Deletes what is left of the needs of nodes that are decided. */
  void forgetNeeds(Connection connection, Collection<JobId> decided) throws SQLException {
    if (!decided.isEmpty()) {
      Ids.update(
          connection,
          dialect.deleteByKey("dependencies") + " WHERE job_id IN (%s) AND kind = " + KIND,
          Ids.sorted(decided));
    }
  }

  /** Marks nodes as ended. */
  void end(Connection connection, Collection<Node> ended) throws SQLException {
    Map<End, List<Integer>> grouped = new LinkedHashMap<>();
    for (Node node : ended) {
      JobState state = node.ended();
      if (state != null) {
        grouped
            .computeIfAbsent(new End(node.workflow(), state), _ -> new ArrayList<>())
            .add(node.index());
      }
    }
    for (Map.Entry<End, List<Integer>> each : grouped.entrySet()) {
      List<Integer> all = each.getValue();
      for (int from = 0; from < all.size(); from += 512) {
        end(connection, each.getKey(), all.subList(from, Math.min(from + 512, all.size())));
      }
    }
  }

  private void end(Connection connection, End end, List<Integer> nodes) throws SQLException {
    String sql = END.formatted(dialect.byKey("workflow_nodes"), MultiRow.marks(nodes.size()));
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setInt(1, end.state().code());
      update.setBytes(2, end.workflow().bytes());
      for (int i = 0; i < MultiRow.padded(nodes.size()); i++) {
        update.setInt(i + 3, nodes.get(Math.min(i, nodes.size() - 1)));
      }
      update.executeUpdate();
    }
  }

  void addUntold(Connection connection, WorkflowId workflow, List<Integer> nodes)
      throws SQLException {
    dialect.insert(
        connection,
        "INSERT INTO workflow_untold (workflow_id, idx) VALUES",
        2,
        dialect.keepExisting("idx"),
        nodes,
        _ -> 0,
        (to, at, node) -> {
          to.setBytes(at + 1, workflow.bytes());
          to.setInt(at + 2, node);
        });
  }

  /** Nobody is left who needs these and was not told. */
  void tellNoMore(Connection connection, List<Node> told) throws SQLException {
    MultiRow.executeEach(
        connection,
        "DELETE FROM workflow_untold WHERE workflow_id = ? AND idx = ?",
        told,
        (to, _, node) -> {
          to.setBytes(1, node.workflow().bytes());
          to.setInt(2, node.index());
        });
  }

  /** Nothing is left to do in a workflow. */
  void forgetUntold(Connection connection, WorkflowId workflow) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM workflow_untold WHERE workflow_id = ?")) {
      delete.setBytes(1, workflow.bytes());
      delete.executeUpdate();
    }
  }

  /** Whole jobs, locked. */
  Map<JobId, Job> jobs(Connection connection, Collection<JobId> ids) throws SQLException {
    Map<JobId, Job> found = HashMap.newHashMap(ids.size());
    if (!ids.isEmpty()) {
      Ids.query(
          connection,
          "SELECT %s FROM %s WHERE j.id IN (%%s) ORDER BY j.id %s"
              .formatted(dialect.jobColumns(), dialect.byKey("jobs j"), dialect.forUpdate()),
          Ids.sorted(ids),
          row -> {
            Job job = JobColumns.read(row, dialect.cipher());
            found.put(job.id(), job);
          });
    }
    return found;
  }
}
