package io.quikqueue.domain.schedule;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a schedule is.
 *
 * @param settledUntil what becomes of all fire times up to here is decided
 * @param next the first fire time after it; null = none, or it lies behind so many excluded times
 *     that it is not known yet
 * @param lookAt when to look again; null = never by itself
 * @param remaining how often it fires still; null = without end
 * @param paused null = it is not
 * @param open fires whose jobs have not ended as far as is known, at most {@link #MOST_OPEN}, and
 *     those that are buffered, at most {@link #MOST_BUFFERED}; by their numbers
 * @param failures jobs that failed one after another
 * @param fired fires that started a job, ever
 * @param missed fire times that were not made up for; at least
 * @param skipped fires that started nothing because of the job before
 * @param last the number of the last fire
 */
public record ScheduleState(
    Instant settledUntil,
    @Nullable Instant next,
    @Nullable Instant lookAt,
    @Nullable Integer remaining,
    @Nullable SchedulePause paused,
    List<Fire> open,
    int failures,
    long fired,
    long missed,
    long skipped,
    long last) {

  public static final int MOST_OPEN = 100;
  public static final int MOST_BUFFERED = 100;

  public ScheduleState {
    open = List.copyOf(open);
  }
}
