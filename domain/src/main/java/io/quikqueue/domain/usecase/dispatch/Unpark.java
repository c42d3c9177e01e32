package io.quikqueue.domain.usecase.dispatch;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.GroupWindows;
import io.quikqueue.domain.port.GroupWindows.Claim;
import io.quikqueue.domain.port.ParkedJobs;
import io.quikqueue.domain.port.ParkedJobs.Parked;
import io.quikqueue.domain.port.ReadyQueue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Fetches parked jobs where the window of their group runs low. A row goes after its job is in the
 * ready queue: who stops in between leaves a row behind whose job is fetched again, which the ready
 * queue ignores, or has moved on.
 */
public final class Unpark {

  /** How often to look whether a window runs low. */
  public static final Duration EVERY = Duration.ofMillis(50);

  private static final int MOST_GROUPS = 20;
  private static final int MOST_JOBS = 500;
  private static final Duration CLAIM = Duration.ofSeconds(10);

  private final GroupWindows windows;
  private final ParkedJobs parked;
  private final ReadyQueue ready;

  public Unpark(GroupWindows windows, ParkedJobs parked, ReadyQueue ready) {
    this.windows = windows;
    this.parked = parked;
    this.ready = ready;
  }

  /**
   * Fills up some windows.
   *
   * @return whether there may be more to do at once
   * @throws io.quikqueue.domain.port.UnavailableException when a server cannot be reached; what is
   *     claimed by then is left alone for ten seconds
   */
  public boolean unpark() {
    List<Claim> claims = windows.claim(MOST_GROUPS, CLAIM);
    claims.forEach(this::fill);
    return !claims.isEmpty();
  }

  private void fill(Claim claim) {
    List<Parked> rows = parked.first(claim.group(), Math.clamp(claim.room(), 1, MOST_JOBS));
    List<Job> jobs = rows.stream().map(Parked::job).filter(Objects::nonNull).toList();
    if (!jobs.isEmpty()) {
      ready.push(jobs);
    }
    parked.remove(claim.group(), rows);
    Integer best = rows.isEmpty() ? null : rows.getLast().priority();
    if (!windows.filled(claim, best) && !jobs.isEmpty()) {
      ready.push(jobs); // wiped in between, so that a rebuild may have found them parked
    }
  }
}
