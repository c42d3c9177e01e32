package io.quikqueue.sql;

import io.quikqueue.domain.access.Reach;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.domain.workflow.OnFailure;
import io.quikqueue.domain.workflow.WorkflowProgress;
import io.quikqueue.domain.workflow.WorkflowState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of the table {@code workflows}. */
final class WorkflowColumns {

  /** What {@link #read} reads. */
  static final String ALL =
      "id, name, state, on_failure, generation, nodes, waiting, active, done, failed, cancelled,"
          + " expired, skipped, failures, owner, created_at, updated_at, finished_at, reach";

  private static final String INSERT =
      "INSERT INTO workflows ("
          + ALL
          + ", idempotency_key, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?, ?, ?, ?, ?)";
  private static final String UPDATE =
      """
      UPDATE workflows SET state = ?, generation = ?, nodes = ?, waiting = ?, active = ?, done = ?,
        failed = ?, cancelled = ?, expired = ?, skipped = ?, failures = ?, updated_at = ?,
        finished_at = ?, reach = ? WHERE id = ?\
      """;

  /** Of what goes on: the columns that have an index stay as they are, and their indexes too. */
  private static final String COUNT =
      """
      UPDATE workflows SET waiting = ?, active = ?, done = ?, failed = ?, cancelled = ?,
        expired = ?, skipped = ?, failures = ?, updated_at = ? WHERE id = ?\
      """;

  private static final String SELECT_OPEN =
      "SELECT state, COUNT(*) FROM workflows WHERE state IN (%s) GROUP BY state"
          .formatted(
              Arrays.stream(WorkflowState.values())
                  .filter(state -> !state.terminal())
                  .map(state -> Integer.toString(state.code()))
                  .collect(Collectors.joining(", ")));

  private WorkflowColumns() {}

  static WorkflowView read(ResultSet row) throws SQLException {
    WorkflowProgress progress =
        new WorkflowProgress(
            WorkflowState.ofCode(row.getInt(3)),
            OnFailure.ofCode(row.getInt(4)),
            row.getInt(7),
            row.getInt(8),
            row.getInt(9),
            row.getInt(10),
            row.getInt(11),
            row.getInt(12),
            row.getInt(13),
            row.getInt(14));
    String reach = JobTexts.readBytes(row, 19);
    return new WorkflowView(
        WorkflowId.of(row.getBytes(1)),
        String.valueOf(JobTexts.readBytes(row, 2)),
        progress,
        row.getInt(5),
        row.getInt(6),
        JobTexts.readBytes(row, 15),
        Micros.toInstant(row.getLong(16)),
        Micros.toInstant(row.getLong(17)),
        Micros.read(row, 18),
        reach == null ? null : Reach.parse(reach));
  }

  static void insert(Connection connection, WorkflowView view, byte[] key, byte[] fingerprint)
      throws SQLException {
    try (PreparedStatement to = connection.prepareStatement(INSERT)) {
      WorkflowProgress progress = view.progress();
      to.setBytes(1, view.id().bytes());
      to.setBytes(2, Utf8.of(view.name()));
      to.setInt(3, progress.state().code());
      to.setInt(4, progress.onFailure().code());
      to.setInt(5, view.generation());
      to.setInt(6, view.nodes());
      int at = bindCounts(to, 6, progress);
      String owner = view.owner();
      to.setBytes(at + 1, Utf8.orNull(owner));
      to.setLong(at + 2, Micros.of(view.createdAt()));
      to.setLong(at + 3, Micros.of(view.updatedAt()));
      to.setObject(at + 4, Micros.orNull(view.finishedAt()));
      to.setBytes(at + 5, reach(view));
      to.setBytes(at + 6, key.length == 0 ? null : key);
      to.setBytes(at + 7, key.length == 0 ? null : fingerprint);
      to.executeUpdate();
    }
  }

  static void update(Connection connection, List<WorkflowView> views) throws SQLException {
    MultiRow.executeEach(
        connection,
        UPDATE,
        views,
        (to, _, view) -> {
          to.setInt(1, view.progress().state().code());
          to.setInt(2, view.generation());
          to.setInt(3, view.nodes());
          int at = bindCounts(to, 3, view.progress());
          to.setLong(at + 1, Micros.of(view.updatedAt()));
          to.setObject(at + 2, Micros.orNull(view.finishedAt()));
          to.setBytes(at + 3, reach(view));
          to.setBytes(at + 4, view.id().bytes());
        });
  }

  private static byte @Nullable [] reach(WorkflowView view) {
    Reach reach = view.reach();
    return Utf8.orNull(reach == null ? null : reach.text());
  }

  /** Writes the counts alone of workflows that are in no other state than before. */
  static void count(Connection connection, List<WorkflowView> views) throws SQLException {
    MultiRow.executeEach(
        connection,
        COUNT,
        views,
        (to, _, view) -> {
          int at = bindCounts(to, 0, view.progress());
          to.setLong(at + 1, Micros.of(view.updatedAt()));
          to.setBytes(at + 2, view.id().bytes());
        });
  }

  /** How many have not ended, by state. */
  static Map<WorkflowState, Long> open(Connection connection) throws SQLException {
    Map<WorkflowState, Long> open = new EnumMap<>(WorkflowState.class);
    try (PreparedStatement select = connection.prepareStatement(SELECT_OPEN);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        open.put(WorkflowState.ofCode(rows.getInt(1)), rows.getLong(2));
      }
    }
    return open;
  }

  private static int bindCounts(PreparedStatement to, int at, WorkflowProgress progress)
      throws SQLException {
    to.setInt(at + 1, progress.waiting());
    to.setInt(at + 2, progress.active());
    to.setInt(at + 3, progress.done());
    to.setInt(at + 4, progress.failed());
    to.setInt(at + 5, progress.cancelled());
    to.setInt(at + 6, progress.expired());
    to.setInt(at + 7, progress.skipped());
    to.setInt(at + 8, progress.failures());
    return at + 8;
  }
}
