package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.workflow.Growth;
import io.quikqueue.domain.workflow.RunIf;
import io.quikqueue.sql.WorkflowNodes.Need;
import io.quikqueue.sql.WorkflowNodes.Node;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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
   * Adds nodes.
   *
   * @param by the node that adds them, which ends in this transaction
   * @param size how many nodes the workflow has now
   * @return their jobs
   * @throws GrowthRefusedException when the workflow would be larger than it may be
   */
  List<Job> add(Connection connection, Node by, int size, List<SpawnedNode> spawned)
      throws SQLException {
    List<Dependent> dependents = dependents(connection, by.job());
    String problem = Growth.problem(by.name(), size, dependents.size(), spawned);
    if (problem != null) {
      throw new GrowthRefusedException(problem);
    }
    List<Job> jobs = new ArrayList<>(spawned.size());
    List<Integer> indexes = new ArrayList<>(spawned.size());
    for (int i = 0; i < spawned.size(); i++) {
      jobs.add(spawned.get(i).jobAs(by.workflow(), size + i));
      indexes.add(i);
    }
    dialect.insert(
        connection,
        INSERT_NODES,
        11,
        "",
        indexes,
        _ -> 0,
        (to, at, i) -> {
          SpawnedNode node = spawned.get(i);
          to.setBytes(at + 1, by.workflow().bytes());
          to.setInt(at + 2, size + i);
          to.setBytes(at + 3, Utf8.of(node.nameBehind(by.name())));
          to.setBytes(at + 4, node.job().id().bytes());
          to.setInt(at + 5, RunIf.ALL_SUCCEEDED.code());
          to.setBoolean(at + 6, node.optional());
          for (int zero = 7; zero <= 11; zero++) {
            to.setInt(at + zero, 0);
          }
        });
    NewJobs.insert(dialect, connection, jobs);
    letWait(connection, by.workflow(), dependents, jobs);
    return jobs;
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
