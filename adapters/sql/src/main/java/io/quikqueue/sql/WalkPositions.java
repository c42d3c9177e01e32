package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where searches from the oldest job on may begin, since a search before found nothing up to there.
 * A job that comes back, by a retry or by its time, can be older: so each is forgotten after a
 * while. Safe for use by several threads.
 */
final class WalkPositions<P> {

  private static final int MOST = 1_000;
  private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

  private record Position(@Nullable JobId after, long begun) {}

  private final Map<P, Position> positions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<P, Position> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Behind which job to begin; null = with the oldest.
   *
   * @param now monotonic time, in nanoseconds
   */
  synchronized @Nullable JobId of(P place, long now) {
    Position known = positions.get(place);
    if (known == null || now - known.begun() < KEPT_NANOS) {
      return known == null ? null : known.after();
    }
    positions.remove(place);
    return null;
  }

  /** A search found nothing up to this job. */
  synchronized void passed(P place, JobId job, long now) {
    Position known = positions.get(place);
    positions.put(place, new Position(job, known == null ? now : known.begun()));
  }
}
