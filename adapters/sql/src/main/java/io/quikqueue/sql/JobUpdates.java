package io.quikqueue.sql;

import io.quikqueue.domain.job.Transition;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** The UPDATE of a job, fenced by the attempt and the state in which the change found it. */
final class JobUpdates {

  private static final String UPDATE =
      JobColumns.updated().stream()
          .map(name -> name + " = ?")
          .collect(
              Collectors.joining(
                  ", ", "UPDATE jobs SET ", " WHERE id = ? AND attempt = ? AND state = ?"));

  /** How many values {@link #bind} binds. */
  static final int VALUES = JobColumns.UPDATE_VALUES + 3;

  private JobUpdates() {}

  /** Updates one row after the other; returns how many were where their step begins. */
  static int executeEach(Connection connection, List<Step> steps, Bodies bodies)
      throws SQLException {
    return MultiRow.executeEach(
        connection, UPDATE, steps, (to, at, step) -> bind(to, at, step, bodies));
  }

  /** Binds the new values, then the id, the attempt and the state to be found. */
  static void bind(PreparedStatement to, int at, Step step, Bodies bodies) throws SQLException {
    Transition change = step.change();
    JobColumns.bindUpdate(to, at, new JobColumn.Row(change.after(), null, change.worker(), bodies));
    int fence = at + JobColumns.UPDATE_VALUES;
    to.setBytes(fence + 1, step.before().id().bytes());
    to.setInt(fence + 2, step.before().attempt());
    to.setInt(fence + 3, step.before().state().code());
  }
}
