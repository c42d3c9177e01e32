package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.sql.WaitingCounts.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds the oldest jobs that wait in a queue, or of a group there, by index; nodes of workflows are
 * passed over.
 */
final class OldestWaiting {

  private static final long MOST_NANOS = Duration.ofMillis(200).toNanos();

  /** Where an index has the QUEUED jobs of a queue by priority. */
  private static final String OF_PRIORITY =
      """
      SELECT j.id FROM jobs j <index>
      WHERE j.state = <state> AND j.queue = :queue AND j.priority = :priority AND j.node IS NULL
        <of_group>
      ORDER BY j.id LIMIT :limit\
      """;

  private static final String OF_GROUP = "AND j.job_group = :group AND j.counted_in_group = 1";

  private final Dialect dialect;
  private final LongSupplier nanos;
  private final WalkPositions<Place> positions = new WalkPositions<>();

  private record Place(Key of, JobState state) {}

  /**
   * @param nanos monotonic time
   */
  OldestWaiting(Dialect dialect, LongSupplier nanos) {
    this.dialect = dialect;
    this.nanos = nanos;
  }

  /** The oldest, as far as they are found in time. */
  List<JobId> find(Handle handle, Key of, int limit) {
    List<JobId> found = new ArrayList<>();
    long begun = nanos.getAsLong();
    for (JobState state : JobState.values()) {
      if (state.waiting()) {
        found.addAll(
            state == JobState.QUEUED && dialect.hasQueuedByPriority()
                ? byPriority(handle, of, limit)
                : byState(handle, state, of, limit, begun));
      }
    }
    found.sort(Comparator.naturalOrder());
    return found.subList(0, Math.min(limit, found.size()));
  }

  private List<JobId> byPriority(Handle handle, Key of, int limit) {
    String index =
        of.group().isEmpty() ? dialect.indexOf(JobState.QUEUED) : dialect.indexOfGroups();
    List<JobId> found = new ArrayList<>();
    for (int priority = 0; priority <= JobSpec.LOWEST_PRIORITY; priority++) {
      found.addAll(
          ids(
              query(handle, OF_PRIORITY, JobState.QUEUED, index, of)
                  .bind("priority", priority)
                  .bind("limit", limit)));
    }
    return found;
  }

  private List<JobId> byState(Handle handle, JobState state, Key of, int limit, long begun) {
    Place place = new Place(of, state);
    return from(handle, place, positions.of(place, begun), limit, begun);
  }

  private List<JobId> from(
      Handle handle, Place place, @Nullable JobId after, int limit, long begun) {
    Key of = place.of();
    StateWalk walk =
        of.group().isEmpty()
            ? new StateWalk(place.state(), dialect.indexOfState(), "", Map.of())
            : new StateWalk(
                place.state(), dialect.indexOfState(), OF_GROUP, Map.of("group", of.group()));
    List<JobId> found = new ArrayList<>();
    byte[] above = after == null ? StateWalk.BOTTOM : after.bytes();
    boolean more = true;
    while (more && found.size() < limit && nanos.getAsLong() - begun < MOST_NANOS) {
      StateWalk.Look look =
          walk.look(
              handle,
              of.queue(),
              new StateWalk.Range(above, StateWalk.TOP, false),
              limit - found.size());
      found.addAll(look.found());
      JobId next = look.next();
      more = next != null;
      above = next == null ? above : next.bytes();
      if (found.isEmpty() && next != null) {
        positions.passed(place, next, begun);
      }
    }
    return found;
  }

  private static Query query(Handle handle, String sql, JobState state, String index, Key of) {
    Query query =
        handle
            .createQuery(sql)
            .define("index", index)
            .define("state", state.code())
            .define("of_group", of.group().isEmpty() ? "" : OF_GROUP)
            .bind("queue", of.queue());
    return of.group().isEmpty() ? query : query.bind("group", of.group());
  }

  private static List<JobId> ids(Query query) {
    return query.mapTo(byte[].class).map(JobId::of).list();
  }
}
