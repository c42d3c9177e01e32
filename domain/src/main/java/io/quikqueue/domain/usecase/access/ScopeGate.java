package io.quikqueue.domain.usecase.access;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Operations;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Workflows;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import io.quikqueue.domain.usecase.Caller;
import java.util.List;

/**
 * Says whether what a request names is within the scope of its caller. It is asked once for each
 * request, before the use case; for a caller without a scope it asks no store.
 */
public final class ScopeGate {

  private final JobStore jobs;
  private final Workflows workflows;
  private final ScheduleStore schedules;
  private final Operations operations;
  private final DeadLetters dead;

  /** What a caller is to be told. */
  public enum Verdict {
    /** It is within the scope. */
    WITHIN,
    /** It does not exist for this caller: it is outside the scope, or there is none. */
    ABSENT,
    /** The caller has to do with a part of it, which is not enough. */
    BEYOND
  }

  public ScopeGate(
      JobStore jobs,
      Workflows workflows,
      ScheduleStore schedules,
      Operations operations,
      DeadLetters dead) {
    this.jobs = jobs;
    this.workflows = workflows;
    this.schedules = schedules;
    this.operations = operations;
    this.dead = dead;
  }

  /**
   * Whether a caller has to do with what a request names.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public Verdict verdict(Caller caller, Named named) {
    Scope scope = caller.scope();
    if (scope.isAll()) {
      return Verdict.WITHIN;
    }
    return switch (named) {
      case Named.Job(JobId id) -> exists(covers(scope, id));
      case Named.Workflow(var id) ->
          exists(workflows.find(id).filter(found -> found.isWithin(scope)).isPresent());
      case Named.Schedule(String name, boolean mayBeNew) -> exists(covers(scope, name, mayBeNew));
      case Named.Operation(JobId id) ->
          exists(
              operations.operation(id).filter(found -> found.by().equals(caller.id())).isPresent());
      case Named.DeadGroup(String id) -> ofGroup(scope, id);
      case Named.Queue(String name) -> exists(scope.coversQueue(name));
      case Named.WholeQueue(String name) ->
          whole(scope.coversQueue(name), scope.coversWholeQueue(name));
      case Named.Type(String name) -> exists(scope.coversType(name));
      case Named.WholeType(String name) ->
          whole(scope.coversType(name), scope.coversWholeType(name));
      case Named.Everything _ -> Verdict.BEYOND;
    };
  }

  private boolean covers(Scope scope, JobId id) {
    Job job = jobs.find(List.of(id)).get(id);
    return job != null && scope.covers(job.spec());
  }

  /** One that cannot be read may be anybody's. */
  private boolean covers(Scope scope, String schedule, boolean mayBeNew) {
    try {
      return schedules
          .find(schedule)
          .map(found -> scope.covers(found.spec().job()))
          .orElse(mayBeNew);
    } catch (UnusableScheduleException e) {
      return false;
    }
  }

  private Verdict ofGroup(Scope scope, String id) {
    long all = dead.group(id).map(DeadGroup::count).orElse(0L);
    long own = dead.group(id, scope).map(DeadGroup::count).orElse(0L);
    return whole(own > 0, own == all);
  }

  private static Verdict exists(boolean within) {
    return within ? Verdict.WITHIN : Verdict.ABSENT;
  }

  private static Verdict whole(boolean some, boolean all) {
    return !some ? Verdict.ABSENT : all ? Verdict.WITHIN : Verdict.BEYOND;
  }
}
