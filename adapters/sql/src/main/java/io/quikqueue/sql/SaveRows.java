package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changes to stored jobs. Most batches apply whole: one statement, and the number of rows
 * it met says so. Only when it does not, the rows are read under a lock and each is judged.
 */
final class SaveRows {

  private static final Logger log = LoggerFactory.getLogger(SaveRows.class);

  /** Apart, because only a retry by hand does it: all other updates are spared a column. */
  private static final String LIFT_DEADLINE = "UPDATE jobs SET deadline_lifted = 1 WHERE id = ?";

  private static final String SELECT_NOW =
      "SELECT id, state, attempt, updated_at FROM %s WHERE id IN (%%s) ORDER BY id ";

  private record CurrentRow(JobState state, int attempt, long updatedAt) {
    boolean isAlready(Job after) {
      return attempt == after.attempt()
          && state == after.state()
          && updatedAt == Micros.of(after.updatedAt());
    }
  }

  private final Database database;
  private final SideRows side;

  SaveRows(Database database, SideRows side) {
    this.database = database;
    this.side = side;
  }

  SaveResult save(List<Transition> changes) {
    Map<AttemptId, String> refused = new HashMap<>();
    List<Transition> sorted = new ArrayList<>(changes.size());
    for (Transition change : changes) {
      if (Micros.hold(change.after().updatedAt()) && Micros.hold(change.after().dueAt())) {
        sorted.add(change);
      } else {
        refuse(change, "a time is out of range", refused);
      }
    }
    sorted.sort(Comparator.comparing(change -> change.after().id()));
    Set<AttemptId> applied = HashSet.newHashSet(sorted.size());
    save(sorted, applied, refused);
    return SaveResult.of(changes, applied, refused);
  }

  /** Saves a batch, or halves of it until what the database does not take stands alone. */
  private void save(
      List<Transition> batch, Set<AttemptId> applied, Map<AttemptId, String> refused) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      if (!database.writeRows((handle, commit) -> applyAll(handle, commit, batch))) {
        List<Transition> took =
            database.writeRows((handle, commit) -> applySome(handle, commit, batch));
        took.forEach(change -> applied.add(change.attempt()));
        return;
      }
      batch.forEach(change -> applied.add(change.attempt()));
    } catch (BadRowException e) {
      if (batch.size() == 1) {
        refuse(batch.getFirst(), database.dialect().errors().reason(e), refused);
        return;
      }
      int half = batch.size() / 2;
      save(batch.subList(0, half), applied, refused);
      save(batch.subList(half, batch.size()), applied, refused);
    }
  }

  private static void refuse(Transition change, String reason, Map<AttemptId, String> refused) {
    AttemptId attempt = change.attempt();
    log.error(
        "event=change_refused job_id={} attempt={} reason=\"{}\"",
        attempt.job(),
        attempt.number(),
        reason);
    refused.put(attempt, reason);
  }

  /** Applies a batch whole, or leaves everything as it is. */
  private boolean applyAll(Handle handle, Commit commit, List<Transition> batch)
      throws SQLException {
    Connection connection = handle.getConnection();
    List<Step> steps =
        RunningWorkers.named(
            connection,
            database.dialect(),
            batch.stream().map(change -> new Step(change, change.before())).toList());
    if (update(connection, steps) != steps.size()) {
      connection.rollback();
      return false;
    }
    side.changed(connection, commit, steps);
    return true;
  }

  /** Applies what can be; what an earlier call applied counts, and is not written again. */
  private List<Transition> applySome(Handle handle, Commit commit, List<Transition> batch)
      throws SQLException {
    Connection connection = handle.getConnection();
    Dialect dialect = database.dialect();
    Map<JobId, CurrentRow> found = HashMap.newHashMap(batch.size());
    Ids.query(
        connection,
        SELECT_NOW.formatted(dialect.byKey("jobs")) + dialect.forUpdate(),
        batch.stream().map(change -> change.after().id()).toList(),
        row ->
            found.put(
                JobId.of(row.getBytes(1)),
                new CurrentRow(JobState.ofCode(row.getInt(2)), row.getInt(3), row.getLong(4))));
    List<Transition> took = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Transition change : batch) {
      CurrentRow now = found.get(change.after().id());
      if (now == null) {
        continue;
      }
      if (now.isAlready(change.after())) {
        took.add(change);
      } else if (change.fits(now.state(), now.attempt())) {
        steps.add(Step.at(change, now.state()));
        took.add(change);
      }
    }
    List<Step> named = RunningWorkers.named(connection, dialect, steps);
    int met = update(connection, named);
    if (met != steps.size()) {
      throw new IllegalStateException(
          "%d of %d locked jobs changed".formatted(steps.size() - met, steps.size()));
    }
    side.changed(connection, commit, named);
    return took;
  }

  /** Updates the jobs that are where their change begins; returns how many were. */
  private int update(Connection connection, List<Step> steps) throws SQLException {
    Bodies bodies = database.dialect().bodies();
    int met = database.dialect().updateJobs(connection, steps, bodies);
    bodies.write(connection);
    MultiRow.executeEach(
        connection,
        LIFT_DEADLINE,
        steps.stream().filter(SaveRows::liftsDeadline).toList(),
        (to, at, step) -> to.setBytes(at + 1, step.before().id().bytes()));
    return met;
  }

  private static boolean liftsDeadline(Step step) {
    return step.change().after().deadlineLifted() && !step.change().before().deadlineLifted();
  }
}
