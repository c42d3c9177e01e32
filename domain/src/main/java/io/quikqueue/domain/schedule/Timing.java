package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires: by exactly one of cron expressions, calendars, an interval, a moment. Fire
 * times are whole milliseconds.
 *
 * @param crons at most {@value #MOST_CRONS}
 * @param calendars likewise
 * @param every one second to 366 days; counted from {@code start}, without one from 1970
 * @param at once
 * @param exclude at most {@value #MOST_EXCLUSIONS}
 * @param start none earlier; null = any
 * @param end none later; null = any
 */
public record Timing(
    List<Cron> crons,
    List<CalendarTime> calendars,
    @Nullable Duration every,
    @Nullable Instant at,
    List<Exclusion> exclude,
    ZoneId zone,
    Dst dst,
    @Nullable Instant start,
    @Nullable Instant end) {

  public static final int MOST_CRONS = 16;
  public static final int MOST_EXCLUSIONS = 100;

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  /** Excluded times that one walk passes over; days and hours are passed over whole. */
  static final int MOST_PASSED = 2_000;

  /** Times that are counted one by one. */
  private static final int MOST_COUNTED = 10_000;

  /**
   * The newest are looked for until a search finds so many times as many as are wanted, or less.
   */
  private static final int ENOUGH = 4;

  public Timing {
    crons = List.copyOf(crons);
    calendars = List.copyOf(calendars);
    exclude = List.copyOf(exclude);
    at = at == null ? null : at.truncatedTo(ChronoUnit.MILLIS);
    start = start == null ? null : start.truncatedTo(ChronoUnit.MILLIS);
    end = end == null ? null : end.truncatedTo(ChronoUnit.MILLIS);
    long kinds =
        Stream.of(!crons.isEmpty(), !calendars.isEmpty(), every != null, at != null)
            .filter(given -> given)
            .count();
    if (kinds != 1) {
      throw new InvalidFieldException(
          "cron", "give exactly one of cron, calendars (or calendar), every and at");
    }
    requireAtMost(crons.size(), MOST_CRONS, "cron");
    requireAtMost(calendars.size(), MOST_CRONS, "calendars");
    requireAtMost(exclude.size(), MOST_EXCLUSIONS, "exclude");
    if (every != null && (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0)) {
      throw new InvalidFieldException("every", "must be from 1 s to 366 days");
    }
    if (every != null && every.toNanosPart() % 1_000_000 != 0) {
      throw new InvalidFieldException("every", "must be whole milliseconds");
    }
    if (start != null && end != null && end.isBefore(start)) {
      throw new InvalidFieldException("end", "must not be before start");
    }
  }

  private static void requireAtMost(int size, int most, String field) {
    if (size > most) {
      throw new InvalidFieldException(field, "must be at most " + most);
    }
  }

  /**
   * The newest fire times of some time.
   *
   * @param times oldest first
   * @param count how many there are; at least, where there are more than ten thousand
   * @param until those after it are not known, since so many are excluded; null = all are
   */
  public record Recent(List<Instant> times, long count, @Nullable Instant until) {}

  /** The first fire time strictly later than this; null = none, or a {@link Walk} gave up. */
  public @Nullable Instant next(Instant after) {
    return walk(after).next();
  }

  /** The fire times strictly later than this, one after another. */
  public Walk walk(Instant after) {
    return new Walk(after, new Budget());
  }

  private static final class Budget {
    private int left = MOST_PASSED;
  }

  /**
   * Goes from one fire time to the next, and gives up once it has passed over {@value #MOST_PASSED}
   * excluded times in all.
   */
  public final class Walk {

    private final Budget budget;
    private final List<CronTimes> times =
        Stream.concat(crons.stream(), calendarCrons())
            .map(each -> new CronTimes(each, zone, dst))
            .toList();

    /** The next time of each, once it was looked for: one that is rare is looked for once. */
    private final @Nullable Instant[] ahead = new Instant[times.size()];

    private final boolean[] isAhead = new boolean[times.size()];
    private Instant at;

    private Walk(Instant after, Budget budget) {
      this.budget = budget;
      this.at = start != null && after.isBefore(start) ? start.minusNanos(1) : after;
    }

    /** The next fire time; null = there is none, or the walk gave up. */
    public @Nullable Instant next() {
      while (budget.left > 0) {
        Instant next = first();
        if (next == null || (end != null && next.isAfter(end))) {
          return null;
        }
        Instant passed = excludedUntil(next);
        at = passed == null ? next : passed;
        if (passed == null) {
          return next;
        }
        budget.left--;
      }
      return null;
    }

    private @Nullable Instant first() {
      Instant first = plain(at);
      for (int i = 0; i < times.size(); i++) {
        Instant known = ahead[i];
        if (!isAhead[i] || (known != null && !known.isAfter(at))) {
          known = times.get(i).next(at);
          ahead[i] = known;
          isAhead[i] = true;
        }
        if (known != null && (first == null || known.isBefore(first))) {
          first = known;
        }
      }
      return first;
    }

    /** Where the walk gave up: later fire times are not known. Null = it did not. */
    public @Nullable Instant gaveUpAt() {
      return budget.left == 0 ? at : null;
    }
  }

  /** Of what is no cron. */
  private @Nullable Instant plain(Instant after) {
    if (at != null) {
      return at.isAfter(after) ? at : null;
    }
    if (every == null) {
      return null;
    }
    long anchor = start == null ? 0 : start.toEpochMilli();
    long step = every.toMillis();
    long passed = Math.floorDiv(after.toEpochMilli() - anchor, step) + 1;
    return Instant.ofEpochMilli(anchor + passed * step);
  }

  private Stream<Cron> calendarCrons() {
    return calendars.stream().map(CalendarTime::parsed);
  }

  /** The last moment before the end of the exclusion that a time falls into; null = none does. */
  private @Nullable Instant excludedUntil(Instant time) {
    if (exclude.isEmpty()) {
      return null;
    }
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    for (Exclusion each : exclude) {
      if (each.covers(local)) {
        Instant end = each.coveredUntil(local).atZone(zone).toInstant().minusNanos(1);
        return end.isAfter(time) ? end : time; // an hour that passes twice
      }
    }
    return null;
  }

  /**
   * The newest fire times in {@code (after, until]}, or in the first part of it: in a few ten
   * thousand steps, however many there are.
   *
   * @param most how many to list
   */
  public Recent recent(Instant after, Instant until, int most) {
    Recent all = counted(new Walk(after, new Budget()), until, most, MOST_COUNTED);
    if (all.count() <= MOST_COUNTED) {
      return all;
    }
    Budget budget = new Budget();
    Instant tooEarly = after;
    Instant tooLate = until;
    while (tooEarly.plusMillis(1).isBefore(tooLate)) {
      Instant middle = Instant.ofEpochMilli((tooEarly.toEpochMilli() + tooLate.toEpochMilli()) / 2);
      Recent some = counted(new Walk(middle, budget), until, most, ENOUGH * most);
      if (some.until() != null) {
        return new Recent(all.times(), all.count(), all.times().getLast());
      }
      if (some.count() > ENOUGH * most) {
        tooEarly = middle;
      } else if (some.count() < most) {
        tooLate = middle;
      } else {
        return new Recent(some.times(), all.count(), null);
      }
    }
    Recent some = counted(new Walk(tooLate, budget), until, most, MOST_COUNTED);
    return new Recent(some.times(), all.count(), some.until());
  }

  private Recent counted(Walk walk, Instant until, int most, int enough) {
    ArrayDeque<Instant> newest = new ArrayDeque<>();
    long count = 0;
    for (Instant each = walk.next();
        each != null && !each.isAfter(until) && count <= enough;
        each = walk.next()) {
      count++;
      newest.addLast(each);
      if (newest.size() > most) {
        newest.removeFirst();
      }
    }
    Instant gaveUp = walk.gaveUpAt();
    return new Recent(
        new ArrayList<>(newest), count, gaveUp == null || gaveUp.isAfter(until) ? null : gaveUp);
  }
}
