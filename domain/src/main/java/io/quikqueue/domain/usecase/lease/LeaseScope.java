package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.usecase.Caller;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a worker may lease and report of whose key is for some jobs alone. */
final class LeaseScope {

  /** Jobs that are read at once: each may have a large payload. */
  private static final int AT_ONCE = 25;

  private LeaseScope() {}

  /**
   * Refuses to lease what may be outside the caller's scope.
   *
   * @throws OutOfScopeException naming the field
   */
  static void require(Caller caller, LeaseRequest request) {
    Scope scope = caller.scope();
    scope.requireQueue("queue", request.queue());
    boolean named =
        scope.hasAllTypes()
            || (!request.types().isEmpty() && request.types().stream().allMatch(scope::coversType));
    if (!named) {
      throw new OutOfScopeException(
          "types", "must be named, and within the scope of the key, which is for some types alone");
    }
  }

  /**
   * Refuses nodes that would be outside the caller's scope.
   *
   * @throws OutOfScopeException naming the field
   */
  static void require(Caller caller, LeaseReport report) {
    if (report instanceof LeaseReport.Complete complete && !caller.scope().isAll()) {
      for (int i = 0; i < complete.spawn().size(); i++) {
        try {
          caller.scope().require(complete.spawn().get(i).job());
        } catch (OutOfScopeException e) {
          throw new OutOfScopeException("spawn." + i + "." + e.field(), e.problem());
        }
      }
    }
  }

  /** The jobs of leases that do not exist for the caller. */
  static Set<JobId> foreign(Caller caller, JobStore store, List<LeaseReport> reports) {
    Scope scope = caller.scope();
    if (scope.isAll()) {
      return Set.of();
    }
    List<JobId> asked =
        reports.stream().map(report -> report.lease().attempt().job()).distinct().toList();
    Set<JobId> foreign = new HashSet<>(asked);
    for (int from = 0; from < asked.size(); from += AT_ONCE) {
      Map<JobId, Job> found =
          store.find(asked.subList(from, Math.min(from + AT_ONCE, asked.size())));
      found.values().stream()
          .filter(job -> scope.covers(job.spec()))
          .map(Job::id)
          .forEach(foreign::remove);
    }
    return foreign;
  }
}
