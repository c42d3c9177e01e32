package io.quikqueue.sql;

import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowView;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes workflows that ended long ago, in transactions of some thousand rows whatever their size.
 * Each of them has the workflow locked and looks whether it is still old, as it may have been
 * retried. The row of the workflow goes last, so that what a process leaves is found by the next.
 */
final class PruneWorkflows {

  private static final String SELECT_OLD =
      """
      SELECT id FROM workflows WHERE finished_at IS NOT NULL AND finished_at < :before
      ORDER BY finished_at LIMIT :limit\
      """;
  private static final String BOUND =
      "SELECT idx FROM %s WHERE workflow_id = ? ORDER BY idx LIMIT 1 OFFSET " + (1_000 - 1);

  /** Transactions of one call. */
  private static final int MOST_PARTS = 100;

  private final Database database;
  private final WorkflowRows rows;
  private final WorkflowNodes nodes;
  private final WaitNodes waits;

  PruneWorkflows(Database database, WorkflowRows rows) {
    this.database = database;
    this.rows = rows;
    this.nodes = new WorkflowNodes(database.dialect());
    this.waits = new WaitNodes(database.dialect());
  }

  /** See {@link io.quikqueue.domain.port.Workflows#prune}. */
  int prune(Instant finishedBefore, int limit) {
    List<WorkflowId> old =
        database.read(
            handle ->
                handle
                    .createQuery(SELECT_OLD)
                    .bind("before", Micros.of(finishedBefore))
                    .bind("limit", limit)
                    .map((row, _) -> WorkflowId.of(row.getBytes(1)))
                    .list());
    int deleted = 0;
    int parts = 0;
    for (WorkflowId id : old) {
      boolean whole = false;
      while (!whole) {
        if (++parts > MOST_PARTS) {
          return limit; // so that the caller goes on soon
        }
        whole = database.write((handle, _) -> part(handle.getConnection(), id, finishedBefore));
      }
      deleted++;
    }
    return deleted;
  }

  /** Deletes some thousand rows of a workflow; returns whether nothing is left to delete. */
  private boolean part(Connection connection, WorkflowId id, Instant finishedBefore)
      throws SQLException {
    WorkflowRows.Flows flows = rows.lock(connection, List.of(id));
    WorkflowView view = flows.has(id) ? flows.get(id) : null;
    Instant finished = view == null ? null : view.finishedAt();
    if (finished == null || !finished.isBefore(finishedBefore)) {
      return true; // it is gone, or was retried
    }
    @Nullable Integer bound = bound(connection, "workflow_history", id);
    if (bound != null) {
      delete(connection, "workflow_history", id, " AND idx <= " + bound);
      return false;
    }
    bound = bound(connection, "workflow_nodes", id);
    nodes.forgetAllNeeds(connection, id, bound == null ? Integer.MAX_VALUE : bound);
    if (bound != null) {
      delete(connection, "workflow_nodes", id, " AND idx <= " + bound);
      return false;
    }
    for (String table :
        List.of(
            "workflow_history",
            "workflow_nodes",
            "workflow_untold",
            "workflow_waits",
            "workflow_generations")) {
      delete(connection, table, id, "");
    }
    waits.forgetSignals(connection, id);
    try (PreparedStatement delete =
        connection.prepareStatement(
            database.dialect().deleteByKey("workflows") + " WHERE id = ?")) {
      delete.setBytes(1, id.bytes());
      delete.executeUpdate();
    }
    return true;
  }

  /** The index up to which there are a thousand rows or some more; null = there are fewer. */
  private static @Nullable Integer bound(Connection connection, String table, WorkflowId id)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(BOUND.formatted(table))) {
      select.setBytes(1, id.bytes());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getInt(1) : null;
      }
    }
  }

  private void delete(Connection connection, String table, WorkflowId id, String upTo)
      throws SQLException {
    String sql = database.dialect().deleteByKey(table) + " WHERE workflow_id = ?" + upTo;
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setBytes(1, id.bytes());
      delete.executeUpdate();
    }
  }
}
