package io.quikqueue.domain.port;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The windows of groups that limits or pauses may hold back: how many of their jobs the ready queue
 * takes, see {@link io.quikqueue.domain.limit.Limits#window(long, long)}, and which of them have
 * room again. All methods throw {@link UnavailableException}.
 */
public interface GroupWindows {

  /**
   * A group whose window runs low, to be filled up by who has this.
   *
   * @param mark what {@link #filled} knows it by
   * @param room for how many jobs
   */
  record Claim(GroupOfQueue group, String mark, int room) {}

  /**
   * Those of the jobs that their windows have no room for, and those that would overtake parked
   * jobs of their group. Nothing is changed.
   *
   * @param jobs at most 1,000, in their order
   * @param room how many ready jobs a queue may have
   */
  Set<AttemptId> beyond(List<Envelope> jobs, long room);

  /** Notes that there are parked jobs of these groups, to be fetched soon. At most 1,000. */
  void parked(Collection<GroupOfQueue> groups);

  /**
   * Groups with parked jobs whose windows run low, and those that have no window any more.
   *
   * @param most at most 100
   * @param time for how long nobody else gets them, unless they are {@link #filled} before
   */
  List<Claim> claim(int most, Duration time);

  /**
   * Ends a claim.
   *
   * @param best the best priority that parked jobs of the group may have; null = there are none, as
   *     is believed unless some were parked since the claim
   * @return whether the ready queue has not been wiped since the claim
   */
  boolean filled(Claim claim, @Nullable Integer best);
}
