package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.SaveResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkflowListener;
import io.quikqueue.domain.port.WorkflowView;
import io.quikqueue.sql.DependencyRows.Ended;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
          && (state == after.state() || isBehindOthers(after))
          && updatedAt == Micros.of(after.updatedAt());
    }

    private boolean isBehindOthers(Job after) {
      return state == JobState.WAITING && after.state() == JobState.QUEUED;
    }
  }

  /**
   * What one transaction has saved.
   *
   * @param forgotten steps of jobs that are released and were before it, not saved yet
   */
  private record Saved(List<Transition> took, List<Step> steps, List<Step> forgotten) {}

  /** What one transaction did. */
  private record Written(
      List<Transition> took,
      List<Job> behind,
      List<Job> ready,
      Set<WorkflowId> unfinished,
      List<WorkflowView> over) {}

  /** What a transaction has locked beside jobs. */
  private record Locked(Map<LineId, JobId> lines, WorkflowRows.Flows flows) {}

  private final Database database;
  private final UniqueRows uniques;
  private final SideRows side;
  private final DependencyRows dependencies;
  private final CallbackRows callbacks;
  private final WorkflowRows workflows;
  private final WorkflowListener listener;

  /** For changes that end no workflow. */
  SaveRows(Database database, SideRows side, DependencyRows dependencies, CallbackRows callbacks) {
    this(database, side, dependencies, callbacks, WorkflowListener.NONE);
  }

  /**
   * @param listener hears of the workflows that ended
   */
  SaveRows(
      Database database,
      SideRows side,
      DependencyRows dependencies,
      CallbackRows callbacks,
      WorkflowListener listener) {
    this.listener = listener;
    this.database = database;
    this.callbacks = callbacks;
    this.uniques = new UniqueRows(database.dialect());
    this.side = side;
    this.dependencies = dependencies;
    this.workflows = new WorkflowRows(database.dialect());
  }

  SaveResult save(List<Transition> changes) {
    Map<AttemptId, String> refused = new HashMap<>();
    List<Transition> sorted = new ArrayList<>(changes.size());
    for (Transition change : changes) {
      if (Micros.hold(change.after().updatedAt())
          && Micros.hold(change.after().dueAt())
          && SpawnRows.hold(change.spawned())) {
        sorted.add(change);
      } else {
        refuse(change, "a time is out of range", refused);
      }
    }
    sorted.sort(Comparator.comparing(change -> change.after().id()));
    List<Written> written = new ArrayList<>(1);
    Map<AttemptId, JobId> slotTaken = new HashMap<>(0);
    save(sorted, written, refused, slotTaken);
    goOn(written);
    return result(changes, written, refused, slotTaken);
  }

  private static SaveResult result(
      List<Transition> changes,
      List<Written> written,
      Map<AttemptId, String> refused,
      Map<AttemptId, JobId> slotTaken) {
    Set<AttemptId> applied = HashSet.newHashSet(changes.size());
    List<Job> behind = new ArrayList<>(0);
    List<Job> released = new ArrayList<>(0);
    for (Written each : written) {
      each.took().forEach(change -> applied.add(change.attempt()));
      behind.addAll(each.behind());
      released.addAll(each.ready());
    }
    return SaveResult.of(changes, applied, refused, slotTaken, behind, released);
  }

  /** Saves a batch, or halves of it until what the database does not take stands alone. */
  private void save(
      List<Transition> batch,
      List<Written> written,
      Map<AttemptId, String> refused,
      Map<AttemptId, JobId> slotTaken) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      Optional<Written> whole =
          mayReviveUnique(batch)
              ? Optional.empty()
              : database.writeRowsPlain(
                  (connection, commit) -> applyAll(connection, commit, batch));
      written.add(
          whole.isPresent()
              ? whole.get()
              : database.writeRowsPlain(
                  (connection, commit) -> applySome(connection, commit, batch, slotTaken)));
      tell(written.getLast().over());
    } catch (BadRowException e) {
      if (batch.size() == 1) {
        refuse(batch.getFirst(), database.dialect().errors().reason(e), refused);
        return;
      }
      int half = batch.size() / 2;
      save(batch.subList(0, half), written, refused, slotTaken);
      save(batch.subList(half, batch.size()), written, refused, slotTaken);
    }
  }

  /** Whether a job that had ended is to be revived, which may need its slot. */
  private static boolean mayReviveUnique(List<Transition> batch) {
    for (Transition change : batch) {
      if (change.before().state().terminal()
          && !change.after().state().terminal()
          && change.before().spec().unique() != null) {
        return true;
      }
    }
    return false;
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
  private Optional<Written> applyAll(Connection connection, Commit commit, List<Transition> batch)
      throws SQLException {
    Locked locked = lock(connection, batch);
    if (batch.stream().anyMatch(locked.flows()::isTooLate)) {
      connection.rollback();
      return Optional.empty();
    }
    List<Step> steps =
        RunningWorkers.named(
            connection,
            database.dialect(),
            batch.stream().map(change -> new Step(change, change.before())).toList());
    List<Step> forgotten = dependencies.releaseForgotten(connection, locked.lines(), steps);
    List<Step> placed = dependencies.revived(connection, locked.lines(), steps);
    if (update(connection, placed) != placed.size()) {
      connection.rollback();
      return Optional.empty();
    }
    return Optional.of(finish(connection, commit, locked, new Saved(batch, placed, forgotten)));
  }

  /** Applies what can be; what an earlier call applied counts, and is not written again. */
  private Written applySome(
      Connection connection, Commit commit, List<Transition> batch, Map<AttemptId, JobId> slotTaken)
      throws SQLException {
    Dialect dialect = database.dialect();
    Map<AttemptId, JobId> held = uniques.revive(connection, batch);
    batch.forEach(change -> slotTaken.remove(change.attempt())); // of a try that was rolled back
    slotTaken.putAll(held);
    Locked locked = lock(connection, batch);
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
    List<Job> behindAlready = new ArrayList<>(0);
    for (Transition change : batch) {
      CurrentRow now = found.get(change.after().id());
      if (now == null || held.containsKey(change.attempt())) {
        continue;
      }
      if (now.isAlready(change.after())) {
        if (change.edits() && !EditRows.isWritten(connection, dialect, change.after())) {
          continue; // somebody else's, at the same time
        }
        took.add(change);
        if (now.isBehindOthers(change.after())) {
          behindAlready.add(change.after().behindOthers());
        }
      } else if (change.fits(now.state(), now.attempt()) && !locked.flows().isTooLate(change)) {
        steps.add(Step.at(change, now.state()));
        took.add(change);
      }
    }
    List<Step> named = RunningWorkers.named(connection, dialect, steps);
    List<Step> forgotten = dependencies.releaseForgotten(connection, locked.lines(), named);
    List<Step> placed = dependencies.revived(connection, locked.lines(), named);
    updateAll(connection, placed);
    Written written = finish(connection, commit, locked, new Saved(took, placed, forgotten));
    written.behind().addAll(behindAlready);
    return written;
  }

  /** Releases who waited for jobs that ended, and writes what all the steps bring along. */
  private Written finish(Connection connection, Commit commit, Locked locked, Saved saved)
      throws SQLException {
    List<Step> kept = StepRows.wakeSignalled(connection, saved.steps());
    List<Step> released = new ArrayList<>(saved.forgotten());
    released.addAll(dependencies.release(connection, locked.lines(), Ended.of(saved.steps())));
    released.addAll(workflows.tell(connection, locked.flows(), saved.steps()));
    updateAll(connection, released);
    List<Step> all = new ArrayList<>(kept);
    all.addAll(released);
    all.sort(Comparator.comparing(step -> step.before().id()));
    List<Job> made = callbacks.make(connection, all);
    side.changed(connection, commit, all, made);
    List<Job> ready = ready(released);
    ready.addAll(made);
    List<Job> spawned = locked.flows().spawned();
    if (!spawned.isEmpty()) {
      side.submitted(commit, spawned.stream().sorted(Comparator.comparing(Job::id)).toList());
      spawned.stream().filter(job -> job.state() == JobState.QUEUED).forEach(ready::add);
    }
    return new Written(
        saved.took(),
        behind(saved.steps(), released),
        ready,
        locked.flows().unfinished(),
        locked.flows().over());
  }

  /**
   * Saves the steps of jobs that are released though none ended in this transaction.
   *
   * @param lines who is last in their lines, which are locked
   * @return the jobs that are QUEUED by it
   */
  List<Job> released(
      Connection connection, Commit commit, Map<LineId, JobId> lines, List<Step> released)
      throws SQLException {
    Locked locked = new Locked(lines, new WorkflowRows.Flows());
    return finish(connection, commit, locked, new Saved(List.of(), List.of(), released)).ready();
  }

  /**
   * Saves the ends of nodes whose workflows are locked, with what they cause.
   *
   * @return the jobs that are QUEUED by it
   */
  List<Job> ended(Connection connection, Commit commit, WorkflowRows.Flows flows, List<Step> ends)
      throws SQLException {
    updateAll(connection, ends);
    Locked locked = new Locked(new HashMap<>(0), flows);
    return finish(connection, commit, locked, new Saved(List.of(), ends, List.of())).ready();
  }

  /** Locks what changes touch beside their jobs, and before these. */
  private Locked lock(Connection connection, List<Transition> batch) throws SQLException {
    return new Locked(dependencies.lock(connection, batch), workflows.lock(connection, batch));
  }

  /** What is left of workflows is done in transactions of its own, or later by others. */
  private void goOn(List<Written> written) {
    Set<WorkflowId> unfinished = new LinkedHashSet<>(0);
    written.forEach(each -> unfinished.addAll(each.unfinished()));
    for (WorkflowId id : unfinished) {
      try {
        List<Job> ready = proceed(id);
        written.add(new Written(List.of(), List.of(), ready, Set.of(), List.of()));
      } catch (UnavailableException e) {
        log.warn("event=workflow_left workflow_id={} cause={}", id, e.getMessage());
      }
    }
  }

  /**
   * Does what an earlier transaction left of a workflow, in as many as it takes.
   *
   * @return the jobs that are QUEUED by it
   */
  List<Job> proceed(WorkflowId id) {
    List<Job> ready = new ArrayList<>();
    boolean more = true;
    while (more) {
      Written written =
          database.writePlain((connection, commit) -> proceed(connection, commit, id));
      ready.addAll(written.ready());
      tell(written.over());
      more = !written.unfinished().isEmpty();
    }
    return ready;
  }

  private Written proceed(Connection connection, Commit commit, WorkflowId id) throws SQLException {
    WorkflowRows.Flows flows = workflows.lock(connection, List.of(id));
    List<Step> caused = workflows.proceed(connection, flows, id);
    Locked nothing = new Locked(new HashMap<>(0), new WorkflowRows.Flows());
    Written done = finish(connection, commit, nothing, new Saved(List.of(), List.of(), caused));
    return new Written(List.of(), List.of(), done.ready(), flows.unfinished(), flows.over());
  }

  /** Tells of workflows that have ended, after the commit. */
  void tell(List<WorkflowView> over) {
    for (WorkflowView each : over) {
      try {
        listener.ended(each);
      } catch (RuntimeException e) { // it is ended all the same
        log.warn("event=workflow_end_untold workflow_id={}", each.id(), e);
      }
    }
  }

  private static List<Job> behind(List<Step> steps, List<Step> released) {
    List<Job> behind = new ArrayList<>(0);
    for (Step step : steps) {
      Job after = step.change().after();
      if (after.state() == JobState.WAITING
          && released.stream().noneMatch(each -> each.before().id().equals(after.id()))) {
        behind.add(after);
      }
    }
    return behind;
  }

  /** Those of released jobs that are QUEUED, and not due later. */
  private static List<Job> ready(List<Step> released) {
    return released.stream()
        .map(Step::change)
        .filter(Transition::madeReady)
        .map(Transition::after)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void updateAll(Connection connection, List<Step> steps) throws SQLException {
    if (steps.isEmpty()) {
      return;
    }
    int met = update(connection, steps);
    if (met != steps.size()) {
      throw new IllegalStateException("%d of %d locked jobs changed".formatted(met, steps.size()));
    }
  }

  /** Updates the jobs that are where their change begins; returns how many were. */
  private int update(Connection connection, List<Step> steps) throws SQLException {
    Bodies bodies = database.dialect().bodies();
    EditRows.keep(connection, database.dialect(), steps);
    int met = database.dialect().updateJobs(connection, steps, bodies);
    EditRows.write(connection, steps, bodies);
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
