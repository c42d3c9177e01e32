package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.Growth;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.sql.WorkflowNodes.Need;
import io.quikqueue.sql.WorkflowNodes.Node;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds nodes to workflows in the transaction that ends the node which adds them, and before it is
 * told of: whoever waits for that node waits for those from then on. The workflow is locked.
 */
final class SpawnRows {

  private static final String INSERT_NODES =
      """
      INSERT INTO workflow_nodes (workflow_id, idx, name, job_id, run_if, optional, state,
        open_needs, succeeded, failed, skipped) VALUES\
      """;
  private static final String SELECT_DEPENDENTS =
      """
      SELECT n.idx, n.job_id FROM dependencies d JOIN workflow_nodes n ON n.job_id = d.job_id
      WHERE d.needs = ? AND d.kind = %d ORDER BY n.idx LIMIT %d\
      """
          .formatted(WorkflowNodes.KIND, SpawnedNode.MOST_DEPENDENTS + 1);
  private static final String ADD_NEEDS =
      "UPDATE workflow_nodes SET open_needs = open_needs + ? WHERE workflow_id = ? AND idx = ?";

  private static final String SELECT_RETIRED =
      """
      SELECT name, idx FROM workflow_nodes
      WHERE workflow_id = ? AND state = ? AND name IN (%s)\
      """;
  private static final String ADD_AGAIN =
      """
      UPDATE workflow_nodes SET job_id = ?, optional = ?, state = 0, open_needs = 0, succeeded = 0,
        failed = 0, skipped = 0, cause = NULL WHERE workflow_id = ? AND idx = ?\
      """;
  private static final int AT_ONCE = 512;

  /** What a workflow is after nodes were added, and their jobs. */
  record Grown(WorkflowView workflow, List<Job> jobs) {}

  private record Placed(int index, SpawnedNode node, Job job) {}

  private record Dependent(int index, JobId job) {}

  private final Dialect dialect;
  private final WorkflowNodes nodes;

  SpawnRows(Dialect dialect, WorkflowNodes nodes) {
    this.dialect = dialect;
    this.nodes = nodes;
  }

  /** Whether the times of nodes can be stored. */
  static boolean hold(List<SpawnedNode> spawned) {
    for (SpawnedNode node : spawned) {
      if (!Micros.hold(node.job().runAt()) || !Micros.hold(node.job().spec().deadline())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds nodes. One that was added in an earlier generation has the same place again.
   *
   * @param by the node that adds them, which ends in this transaction
   * @param view of its workflow
   * @throws GrowthRefusedException when the workflow would be larger than it may be
   */
  Grown add(Connection connection, Node by, WorkflowView view, List<SpawnedNode> spawned)
      throws SQLException {
    List<Dependent> dependents = dependents(connection, by.job());
    Map<String, Integer> retired =
        view.generation() == 1 ? Map.of() : retired(connection, by, spawned);
    String problem =
        Growth.problem(by.name(), view.nodes(), retired.size(), dependents.size(), spawned);
    if (problem != null) {
      throw new GrowthRefusedException(problem);
    }
    List<Placed> fresh = new ArrayList<>(spawned.size());
    List<Placed> again = new ArrayList<>(0);
    List<Job> jobs = new ArrayList<>(spawned.size());
    for (SpawnedNode node : spawned) {
      Integer known = retired.get(node.nameBehind(by.name()));
      int index = known == null ? view.nodes() + fresh.size() : known;
      Placed placed = new Placed(index, node, node.jobAs(by.workflow(), index));
      (known == null ? fresh : again).add(placed);
      jobs.add(placed.job());
    }
    insert(connection, by, fresh);
    addAgain(connection, by.workflow(), again);
    NewJobs.insert(dialect, connection, jobs);
    letWait(connection, by.workflow(), dependents, jobs);
    return new Grown(view.grown(specs(fresh)).grownAgain(specs(again)), jobs);
  }

  private static List<JobSpec> specs(List<Placed> nodes) {
    return nodes.stream().map(each -> each.job().spec()).toList();
  }

  private void insert(Connection connection, Node by, List<Placed> nodes) throws SQLException {
    dialect.insert(
        connection,
        INSERT_NODES,
        11,
        "",
        nodes,
        _ -> 0,
        (to, at, each) -> {
          to.setBytes(at + 1, by.workflow().bytes());
          to.setInt(at + 2, each.index());
          to.setBytes(at + 3, Utf8.of(each.node().nameBehind(by.name())));
          to.setBytes(at + 4, each.job().id().bytes());
          to.setInt(at + 5, RunIf.ALL_SUCCEEDED.code());
          to.setBoolean(at + 6, each.node().optional());
          for (int zero = 7; zero <= 11; zero++) {
            to.setInt(at + zero, 0);
          }
        });
  }

  /**
   * The places of those that are retired: an earlier generation had them, and this one has not yet.
   */
  private static Map<String, Integer> retired(
      Connection connection, Node by, List<SpawnedNode> spawned) throws SQLException {
    Map<String, Integer> retired = new HashMap<>();
    for (int from = 0; from < spawned.size(); from += AT_ONCE) {
      List<SpawnedNode> part = spawned.subList(from, Math.min(from + AT_ONCE, spawned.size()));
      try (PreparedStatement select =
          connection.prepareStatement(SELECT_RETIRED.formatted(MultiRow.marks(part.size())))) {
        select.setBytes(1, by.workflow().bytes());
        select.setInt(2, JobState.SKIPPED.code());
        for (int i = 0; i < MultiRow.padded(part.size()); i++) {
          String name = part.get(Math.min(i, part.size() - 1)).nameBehind(by.name());
          select.setBytes(i + 3, Utf8.of(name));
        }
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            retired.put(String.valueOf(JobTexts.readBytes(row, 1)), row.getInt(2));
          }
        }
      }
    }
    return retired;
  }

  private static void addAgain(Connection connection, WorkflowId workflow, List<Placed> nodes)
      throws SQLException {
    MultiRow.executeEach(
        connection,
        ADD_AGAIN,
        nodes,
        (to, _, each) -> {
          to.setBytes(1, each.job().id().bytes());
          to.setBoolean(2, each.node().optional());
          to.setBytes(3, workflow.bytes());
          to.setInt(4, each.index());
        });
  }

  private static List<Dependent> dependents(Connection connection, JobId needed)
      throws SQLException {
    List<Dependent> found = new ArrayList<>(0);
    try (PreparedStatement select = connection.prepareStatement(SELECT_DEPENDENTS)) {
      select.setBytes(1, needed.bytes());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(new Dependent(row.getInt(1), JobId.of(row.getBytes(2))));
        }
      }
    }
    return found;
  }

  private void letWait(
      Connection connection, WorkflowId workflow, List<Dependent> dependents, List<Job> jobs)
      throws SQLException {
    if (dependents.isEmpty()) {
      return;
    }
    List<Need> needs = new ArrayList<>(jobs.size());
    for (Dependent dependent : dependents) {
      needs.clear();
      jobs.forEach(job -> needs.add(new Need(dependent.job(), job.id())));
      nodes.addNeeds(connection, needs);
    }
    MultiRow.executeEach(
        connection,
        ADD_NEEDS,
        dependents,
        (to, _, dependent) -> {
          to.setInt(1, jobs.size());
          to.setBytes(2, workflow.bytes());
          to.setInt(3, dependent.index());
        });
  }
}
