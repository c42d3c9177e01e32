package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Change;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changes to stored jobs. Most batches apply whole: one statement, and the number of rows
 * it met says so. Only when it does not, the rows are read under a lock and each is judged.
 */
final class SaveRows {

  private static final Logger log = LoggerFactory.getLogger(SaveRows.class);

  /**
   * On MySQL one statement for many rows: 20,000 rows a second of processor time against 6,000 one
   * by one. The jobs come first in the join, because only the first table is updated in place: the
   * other way round all new values go through a temporary table on disk, at 17,000 rows.
   */
  private static final String UPDATE_MANY =
      """
      UPDATE jobs j FORCE INDEX (PRIMARY) STRAIGHT_JOIN
        (SELECT ? AS state, ? AS attempt, ? AS failures, ? AS crashes, ? AS updated_at,
          ? AS run_at, ? AS due_at, ? AS started_at, ? AS finished_at, ? AS worker, ? AS result,
          ? AS note, ? AS error, ? AS id, ? AS from_attempt, ? AS from_state%s) f
        ON f.id = j.id AND f.from_attempt = j.attempt AND f.from_state = j.state
      SET j.state = f.state, j.attempt = f.attempt, j.failures = f.failures,
        j.crashes = f.crashes, j.updated_at = f.updated_at, j.run_at = f.run_at,
        j.due_at = f.due_at, j.started_at = f.started_at, j.finished_at = f.finished_at,
        j.worker = f.worker, j.result = f.result, j.note = f.note, j.error = f.error
      WHERE j.id IN (?%s)""";

  private static final String NEXT_ROW =
      " UNION ALL SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

  /** On SQLite one row at a time: 140,000 rows a second of processor time, 64,000 when joined. */
  private static final String UPDATE_ONE =
      """
      UPDATE jobs SET state = ?, attempt = ?, failures = ?, crashes = ?, updated_at = ?,
        run_at = ?, due_at = ?, started_at = ?, finished_at = ?, worker = ?, result = ?,
        note = ?, error = ?
      WHERE id = ? AND attempt = ? AND state = ?""";

  /** Apart, because only a retry by hand does it: all other updates are spared a column. */
  private static final String LIFT_DEADLINE = "UPDATE jobs SET deadline_lifted = 1 WHERE id = ?";

  private static final int COLUMNS = 16;
  private static final int MOST_ROWS = 500;

  /**
   * Rows with longer texts are updated alone: MariaDB silently cuts texts of 64 KiB and more, in
   * bytes, in a derived table of several rows.
   */
  private static final int MOST_CHARS_JOINED = 16_000;

  /**
   * The longest text of a statement times its rows: so many characters a derived table has at most,
   * were each of its texts as long as the longest.
   */
  private static final int MOST_CHARS_TOGETHER = 2_000_000;

  private static final String SELECT_NOW =
      "SELECT id, state, attempt, updated_at FROM %s WHERE id IN (%%s) ORDER BY id ";

  private record Standing(JobState state, int attempt, long updatedAt) {
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

  Set<AttemptId> save(List<Change> changes, BiConsumer<AttemptId, String> refused) {
    List<Change> sorted = new ArrayList<>(changes.size());
    for (Change change : changes) {
      if (Micros.hold(change.after().updatedAt()) && Micros.hold(change.after().dueAt())) {
        sorted.add(change);
      } else {
        refuse(change, "a time is out of range", refused);
      }
    }
    sorted.sort(Comparator.comparing(change -> change.after().id()));
    Set<AttemptId> applied = HashSet.newHashSet(sorted.size());
    save(sorted, applied, refused);
    return applied;
  }

  /** Saves a batch, or halves of it until what the database does not take stands alone. */
  private void save(
      List<Change> batch, Set<AttemptId> applied, BiConsumer<AttemptId, String> refused) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      if (!database.writeRows((handle, commit) -> applyAll(handle, commit, batch))) {
        List<Change> took =
            database.writeRows((handle, commit) -> applySome(handle, commit, batch));
        took.forEach(change -> applied.add(change.attempt()));
        return;
      }
      batch.forEach(change -> applied.add(change.attempt()));
    } catch (BadRowException e) {
      if (batch.size() == 1) {
        refuse(batch.getFirst(), SqlErrors.reason(e), refused);
        return;
      }
      int half = batch.size() / 2;
      save(batch.subList(0, half), applied, refused);
      save(batch.subList(half, batch.size()), applied, refused);
    }
  }

  private static void refuse(Change change, String reason, BiConsumer<AttemptId, String> refused) {
    AttemptId attempt = change.attempt();
    log.error(
        "event=change_refused job_id={} attempt={} reason=\"{}\"",
        attempt.job(),
        attempt.number(),
        reason);
    refused.accept(attempt, reason);
  }

  /** Applies a batch whole, or leaves everything as it is. */
  private boolean applyAll(Handle handle, Commit commit, List<Change> batch) throws SQLException {
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
  private List<Change> applySome(Handle handle, Commit commit, List<Change> batch)
      throws SQLException {
    Connection connection = handle.getConnection();
    Dialect dialect = database.dialect();
    Map<JobId, Standing> found = HashMap.newHashMap(batch.size());
    Ids.query(
        connection,
        SELECT_NOW.formatted(dialect.byKey("jobs")) + dialect.forUpdate(),
        batch.stream().map(change -> change.after().id()).toList(),
        row ->
            found.put(
                JobId.of(row.getBytes(1)),
                new Standing(JobState.ofCode(row.getInt(2)), row.getInt(3), row.getLong(4))));
    List<Change> took = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Change change : batch) {
      Standing now = found.get(change.after().id());
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
    Bodies bodies = new Bodies(database.dialect());
    MultiRow.Binder<Step> binder = (to, at, step) -> bind(to, at, step, bodies);
    int met =
        switch (database.dialect()) {
          case SQLITE -> MultiRow.executeEach(connection, UPDATE_ONE, steps, binder);
          case MYSQL -> {
            List<Step> shorter = steps.stream().filter(step -> !isLong(step)).toList();
            List<Step> longer = steps.stream().filter(SaveRows::isLong).toList();
            yield updateJoined(connection, shorter, binder)
                + MultiRow.executeEach(connection, UPDATE_ONE, longer, binder);
          }
        };
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

  private static int updateJoined(
      Connection connection, List<Step> steps, MultiRow.Binder<Step> binder) throws SQLException {
    int met = 0;
    int from = 0;
    while (from < steps.size()) {
      List<Step> part = joinable(steps.subList(from, steps.size()));
      int size = part.size();
      from += size;
      String sql = UPDATE_MANY.formatted(NEXT_ROW.repeat(size - 1), ", ?".repeat(size - 1));
      try (PreparedStatement statement = MySql.clientPrepared(connection, sql)) {
        for (int i = 0; i < size; i++) {
          binder.bind(statement, i * COLUMNS, part.get(i));
          statement.setBytes(size * COLUMNS + i + 1, part.get(i).before().id().bytes());
        }
        met += statement.executeUpdate();
      }
    }
    return met;
  }

  /** The first rows, at least one, as many as one statement should have. */
  private static List<Step> joinable(List<Step> steps) {
    int longest = 1;
    for (int i = 0; i < Math.min(steps.size(), MOST_ROWS); i++) {
      longest = Math.max(longest, chars(steps.get(i)));
      if (longest * (i + 1) > MOST_CHARS_TOGETHER) {
        return steps.subList(0, i);
      }
    }
    return steps.subList(0, Math.min(steps.size(), MOST_ROWS));
  }

  private static boolean isLong(Step step) {
    return chars(step) > MOST_CHARS_JOINED;
  }

  private static int chars(Step step) {
    Job after = step.change().after();
    return length(after.result()) + length(after.note()) + length(after.error());
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private static void bind(PreparedStatement to, int at, Step step, Bodies bodies)
      throws SQLException {
    Change change = step.change();
    Job after = change.after();
    to.setInt(at + 1, after.state().code());
    to.setInt(at + 2, after.attempt());
    to.setInt(at + 3, after.failures());
    to.setInt(at + 4, after.crashes());
    to.setLong(at + 5, Micros.of(after.updatedAt()));
    to.setLong(at + 6, Micros.of(after.runAt()));
    setTime(to, at + 7, after.dueAt());
    setTime(to, at + 8, after.startedAt());
    setTime(to, at + 9, after.finishedAt());
    to.setString(at + 10, change.worker());
    to.setString(at + 11, bodies.result(after.id(), after.result()));
    to.setString(at + 12, after.note());
    to.setString(at + 13, after.error());
    to.setBytes(at + 14, after.id().bytes());
    to.setInt(at + 15, step.before().attempt());
    to.setInt(at + 16, step.before().state().code());
  }

  private static void setTime(PreparedStatement to, int at, @Nullable Instant time)
      throws SQLException {
    to.setObject(at, Micros.orNull(time));
  }
}
