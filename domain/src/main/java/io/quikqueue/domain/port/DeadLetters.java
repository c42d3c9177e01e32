package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.JobId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * FAILED jobs in groups of those that failed in the same way. {@link JobStore} keeps them: the
 * transaction that makes a job FAILED puts it into its group, makes the group when it is the first,
 * and opens it again when it was resolved; one that retries or deletes the job takes it out. When
 * there are {@link #MOST} groups, further kinds of failure are counted together, by type. All
 * methods throw {@link UnavailableException}.
 */
public interface DeadLetters {

  /**
   * The number of groups from which on no new one is made but those for all others, one a type. Few
   * transactions at the same moment can exceed it by the kinds that are new in them.
   */
  int MOST = 1_000;

  /** A page of groups, the newest group first. An unknown cursor gives an empty page. */
  DeadGroupPage groups(DeadGroupQuery query);

  /** A group by its id. */
  default Optional<DeadGroup> group(String id) {
    return group(id, Scope.ALL);
  }

  /** A group by its id, if it has jobs within the scope, which alone are counted then. */
  Optional<DeadGroup> group(String id, Scope scope);

  /**
   * The jobs of a group, youngest first, as {@link io.quikqueue.domain.job.Job#summary} gives them.
   * One that is leaving the group at this moment may be missing, so that a page may hold fewer than
   * asked for and still have one after it.
   *
   * @param after only jobs older than this one
   * @param scope only jobs within it
   * @param limit at most 500
   */
  JobPage jobs(String group, Scope scope, @Nullable JobId after, int limit);

  /** All jobs of a group, as {@link #jobs(String, Scope, JobId, int)} gives them. */
  default JobPage jobs(String group, @Nullable JobId after, int limit) {
    return jobs(group, Scope.ALL, after, limit);
  }

  /** Sets the status of a group; false = there is no such group. */
  boolean set(String group, DeadStatus status, @Nullable String note, String by, Instant at);

  /**
   * Deletes groups without jobs whose last failure was before a moment, but not those that are
   * ignored, and takes out jobs that are no longer FAILED, which a process of an older version may
   * have left behind.
   *
   * @param limit groups and jobs to look at, at most 1,000
   * @return how many groups were deleted
   */
  int clean(Instant seenBefore, int limit);
}
