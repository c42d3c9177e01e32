package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.sql.OrderingLines.Place;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code dependencies}, which only jobs with an ordering key touch. Who changes it holds
 * the locks of the lines, see {@link OrderingLines}.
 */
final class DependencyRows {

  /** The other job comes before it in the line of an ordering key. */
  static final int ORDER = 1;

  private static final String INSERT = "INSERT INTO dependencies (job_id, needs, kind) VALUES";
  private static final String SELECT_NEEDS =
      "SELECT job_id, needs FROM dependencies WHERE job_id IN (%s) AND kind = " + ORDER;
  private static final String SELECT_DEPENDENTS =
      "SELECT job_id, needs FROM dependencies WHERE needs IN (%s) AND kind = " + ORDER;

  private final Dialect dialect;
  private final OrderingLines lines;

  DependencyRows(Dialect dialect) {
    this.dialect = dialect;
    this.lines = new OrderingLines(dialect);
  }

  /** Jobs that have ended, in this transaction or before. */
  record Ended(Set<JobId> all, Set<JobId> waited, Instant at) {

    /** Those whose end others may wait for. */
    static Ended of(List<Step> steps) {
      Set<JobId> all = new HashSet<>();
      Set<JobId> waited = new HashSet<>();
      Instant at = Instant.MIN;
      for (Step step : steps) {
        Job after = step.change().after();
        if (ends(step.change())) {
          all.add(after.id());
          at = after.updatedAt().isAfter(at) ? after.updatedAt() : at;
          if (step.before().state() == JobState.WAITING) {
            waited.add(after.id());
          }
        }
      }
      return new Ended(all, waited, at);
    }

    /** Those that are revived by these steps. */
    static Ended before(List<Step> steps) {
      Set<JobId> all = new HashSet<>();
      Instant at = Instant.MIN;
      for (Step step : steps) {
        Instant revived = step.change().after().updatedAt();
        all.add(step.before().id());
        at = revived.isAfter(at) ? revived : at;
      }
      return new Ended(all, all, at);
    }
  }

  /** Whether it leaves its line by it; one that is FAILED may hold its line until it is passed. */
  private static boolean ends(Transition change) {
    return change.before().standsInLine() && !change.after().standsInLine();
  }

  private static boolean revives(Transition change) {
    return !change.before().standsInLine() && change.after().standsInLine();
  }

  /** Locks lines until the end of the transaction; returns who is last in those that are there. */
  Map<LineId, JobId> lock(Connection connection, Set<LineId> touched) throws SQLException {
    return lines.lock(connection, touched);
  }

  /** Locks the lines that changes will touch; to be called before any job is locked. */
  Map<LineId, JobId> lock(Connection connection, List<Transition> changes) throws SQLException {
    List<LineId> touched = new ArrayList<>(0);
    for (Transition change : changes) {
      if (ends(change) || revives(change)) {
        touched.add(LineId.of(change.before().spec()));
      }
    }
    return touched.isEmpty() ? new HashMap<>(0) : lines.lock(connection, touched);
  }

  /** Puts jobs at the ends of their lines, in this order; returns those that have to wait. */
  Set<JobId> append(Connection connection, List<Job> jobs) throws SQLException {
    return append(connection, new HashMap<>(), jobs);
  }

  private Set<JobId> append(Connection connection, Map<LineId, JobId> last, List<Job> jobs)
      throws SQLException {
    if (jobs.isEmpty()) {
      return Set.of();
    }
    List<Place> places = lines.append(connection, last, jobs);
    insert(connection, places);
    Set<JobId> waiting = HashSet.newHashSet(places.size());
    places.forEach(place -> waiting.add(place.job()));
    return waiting;
  }

  /**
   * Releases who still waits for jobs that are about to be retried by hand, because a version
   * without dependencies has ended these.
   */
  List<Step> releaseForgotten(Connection connection, Map<LineId, JobId> last, List<Step> steps)
      throws SQLException {
    List<Step> revived = steps.stream().filter(step -> revives(step.change())).toList();
    return revived.isEmpty() ? List.of() : release(connection, last, Ended.before(revived));
  }

  /**
   * Lets jobs that are retried by hand go to the ends of their lines.
   *
   * @param last who is last in the lines, which are locked; brought up to date
   * @return the steps, of jobs that wait instead of being ready where others stand in the line
   */
  List<Step> revived(Connection connection, Map<LineId, JobId> last, List<Step> steps)
      throws SQLException {
    List<Job> revived =
        steps.stream()
            .map(Step::change)
            .filter(DependencyRows::revives)
            .map(Transition::after)
            .toList();
    Set<JobId> behind = append(connection, last, revived);
    if (behind.isEmpty()) {
      return steps;
    }
    return steps.stream()
        .map(
            step ->
                behind.contains(step.before().id())
                    ? new Step(step.change().behindOthers(), step.before())
                    : step)
        .toList();
  }

  /**
   * Takes jobs that have ended out of their lines.
   *
   * @param last who is last in the lines, which are locked; brought up to date
   * @return the steps by which those are released that waited for them alone, to be applied; an
   *     ended job that waited itself leaves its place to what it waited for
   */
  List<Step> release(Connection connection, Map<LineId, JobId> last, Ended ended)
      throws SQLException {
    List<Step> released = new ArrayList<>();
    Set<JobId> over = ended.all();
    Set<JobId> waited = ended.waited();
    while (!over.isEmpty()) {
      List<JobId> ready = takeOut(connection, last, over, waited);
      Map<JobId, Job> found = find(connection, ready);
      over = new HashSet<>();
      for (JobId id : ready) {
        Job job = found.get(id);
        if (job == null || !job.standsInLine()) {
          over.add(id); // a version without dependencies has ended or deleted it
        } else if (job.state() == JobState.WAITING) {
          Instant at = job.updatedAt().isAfter(ended.at()) ? job.updatedAt() : ended.at();
          released.add(new Step(job.wake(at), job));
        }
      }
      waited = over;
    }
    released.sort((a, b) -> a.before().id().compareTo(b.before().id()));
    return released;
  }

  /**
   * Puts those of the jobs that wait and are in no line at the ends of theirs, the oldest first.
   *
   * @param last who is last in the lines, which are locked; brought up to date
   * @return the steps by which those are released that nobody is before, to be applied
   */
  List<Step> place(Connection connection, Map<LineId, JobId> last, Set<JobId> outside)
      throws SQLException {
    Set<JobId> placed = pairs(connection, SELECT_NEEDS, outside).keySet();
    List<Job> joining =
        find(connection, outside).values().stream()
            .filter(job -> job.state() == JobState.WAITING && !placed.contains(job.id()))
            .sorted(Comparator.comparing(Job::id))
            .toList();
    Set<JobId> behind = append(connection, last, joining);
    return joining.stream()
        .filter(job -> !behind.contains(job.id()))
        .map(job -> new Step(job.wake(job.updatedAt()), job))
        .toList();
  }

  /** Returns the jobs that nothing is left for to wait for. */
  private List<JobId> takeOut(
      Connection connection, Map<LineId, JobId> last, Set<JobId> over, Set<JobId> waited)
      throws SQLException {
    Map<JobId, JobId> needs = pairs(connection, SELECT_NEEDS, waited);
    Set<JobId> followed = new HashSet<>(over);
    followed.removeAll(last.values()); // nobody waits for the last one
    Map<JobId, JobId> dependents = pairs(connection, SELECT_DEPENDENTS, followed);
    List<JobId> ready = new ArrayList<>();
    List<Place> moved = new ArrayList<>();
    dependents.forEach(
        (job, needed) -> {
          if (!over.contains(job)) {
            JobId before = OrderingLines.beforeAll(needed, over, needs);
            if (before == null) {
              ready.add(job);
            } else {
              moved.add(new Place(job, before));
            }
          }
        });
    Set<JobId> changed = new HashSet<>(needs.keySet());
    changed.addAll(dependents.keySet());
    delete(connection, changed);
    insert(connection, moved);
    lines.shrink(connection, last, over, needs);
    return ready;
  }

  /** Whom a job waits for; null = for nobody. */
  static @Nullable JobId needs(Connection connection, JobId waiting) throws SQLException {
    return pairs(connection, SELECT_NEEDS, Set.of(waiting)).get(waiting);
  }

  private static Map<JobId, JobId> pairs(Connection connection, String sql, Collection<JobId> ids)
      throws SQLException {
    if (ids.isEmpty()) {
      return Map.of();
    }
    Map<JobId, JobId> pairs = new HashMap<>();
    Ids.query(
        connection,
        sql,
        Ids.sorted(ids),
        row -> pairs.put(JobId.of(row.getBytes(1)), JobId.of(row.getBytes(2))));
    return pairs;
  }

  private Map<JobId, Job> find(Connection connection, Collection<JobId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return Map.of();
    }
    Map<JobId, Job> found = HashMap.newHashMap(ids.size());
    Ids.query(
        connection,
        "SELECT %s FROM %s WHERE j.id IN (%%s) ORDER BY j.id %s"
            .formatted(dialect.jobColumns(), dialect.byKey("jobs j"), dialect.forUpdate()),
        Ids.sorted(ids),
        row -> {
          Job job = JobColumns.read(row, dialect.cipher());
          found.put(job.id(), job);
        });
    return found;
  }

  private void insert(Connection connection, List<Place> places) throws SQLException {
    dialect.insert(
        connection,
        INSERT,
        3,
        dialect.keepExisting("kind"),
        places,
        _ -> 0,
        (to, at, place) -> {
          to.setBytes(at + 1, place.job().bytes());
          to.setBytes(at + 2, place.needs().bytes());
          to.setInt(at + 3, ORDER);
        });
  }

  private void delete(Connection connection, Set<JobId> jobs) throws SQLException {
    Ids.update(
        connection,
        dialect.deleteByKey("dependencies") + " WHERE job_id IN (%s) AND kind = " + ORDER,
        Ids.sorted(jobs));
  }
}
