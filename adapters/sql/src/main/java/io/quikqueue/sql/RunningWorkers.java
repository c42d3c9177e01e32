package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The workers that run attempts, by the RUNNING marks of their jobs. Who cancels a job or gives
 * back those of a dead worker ends an attempt and does not know whose it was. Changes by workers
 * say so themselves and cost nothing here.
 */
final class RunningWorkers {

  private static final String SELECT =
      "SELECT id, worker FROM %s WHERE id IN (%%s) AND state = %d AND worker IS NOT NULL ORDER BY id ";

  private RunningWorkers() {}

  /** Names the worker in changes that end an attempt of one; to be called before the update. */
  static List<Step> named(Connection connection, Dialect dialect, List<Step> steps)
      throws SQLException {
    List<JobId> asked =
        steps.stream().filter(RunningWorkers::isUnnamed).map(step -> step.before().id()).toList();
    if (asked.isEmpty()) {
      return steps;
    }
    Map<JobId, String> workers = of(connection, dialect, asked, dialect.forUpdate());
    return steps.stream()
        .map(
            step -> {
              String worker = isUnnamed(step) ? workers.get(step.before().id()) : null;
              return worker == null ? step : new Step(step.change().by(worker), step.before());
            })
        .toList();
  }

  /**
   * The workers of those jobs that are marked RUNNING.
   *
   * @param lock stands at the end of the query
   */
  static Map<JobId, String> of(
      Connection connection, Dialect dialect, List<JobId> jobs, String lock) throws SQLException {
    Map<JobId, String> workers = HashMap.newHashMap(jobs.size());
    Ids.query(
        connection,
        SELECT.formatted(dialect.byKey("jobs"), JobState.RUNNING.code()) + lock,
        jobs,
        row -> workers.put(JobId.of(row.getBytes(1)), row.getString(2)));
    return workers;
  }

  private static boolean isUnnamed(Step step) {
    return step.change().worker() == null
        && step.before().state() == JobState.RUNNING
        && step.change().ended() != null;
  }
}
