package io.quikqueue.domain.usecase.dead;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadGroupPage;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.JobPage;
import io.quikqueue.domain.usecase.Caller;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists groups of FAILED jobs, and the jobs in them. All methods throw {@link
 * io.quikqueue.domain.port.UnavailableException} when the store cannot be reached.
 */
public final class ListDead {

  private final DeadLetters dead;

  public ListDead(DeadLetters dead) {
    this.dead = dead;
  }

  /** A page of groups, the newest group first. */
  public DeadGroupPage groups(Caller caller, DeadGroupQuery query) {
    return dead.groups(query.within(caller.scope()));
  }

  /** A group by its id. */
  public Optional<DeadGroup> group(Caller caller, String id) {
    return dead.group(id, caller.scope());
  }

  /**
   * A page of a group's jobs, youngest first.
   *
   * @param limit at most 500
   */
  public JobPage jobs(Caller caller, String group, @Nullable JobId after, int limit) {
    return dead.jobs(group, caller.scope(), after, limit);
  }
}
