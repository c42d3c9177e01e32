package io.quikqueue.domain.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The moments of a cron expression in a zone. Goes from one change of the zone's offset to the
 * next: in between, local times and moments differ by the same offset.
 */
record CronTimes(Cron cron, ZoneId zone, Dst dst) {

  private static final long HORIZON_DAYS = Cron.HORIZON_YEARS * 366L;

  /** The first moment strictly later than this; null = none within decades. */
  @Nullable Instant next(Instant after) {
    ZoneRules rules = zone.getRules();
    Instant from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    Instant horizon = from.plus(HORIZON_DAYS, ChronoUnit.DAYS);
    while (from.isBefore(horizon)) {
      ZoneOffset offset = rules.getOffset(from);
      ZoneOffsetTransition end = rules.nextTransition(from);
      Instant until = end == null || end.getInstant().isAfter(horizon) ? horizon : end.getInstant();
      Instant found = earlier(plain(from, until, offset, rules), shifted(from, until, rules));
      if (found != null) {
        return found;
      }
      from = until;
    }
    return null;
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }

  /** The first of the local times that exist in {@code [from, until)}. */
  private @Nullable Instant plain(Instant from, Instant until, ZoneOffset offset, ZoneRules rules) {
    LocalDateTime start = LocalDateTime.ofInstant(from, offset);
    if (dst.overlap() == Dst.Overlap.FIRST && !cron.everyHour()) {
      ZoneOffsetTransition begin = beginOf(from, rules);
      if (begin != null && begin.isOverlap() && start.isBefore(begin.getDateTimeBefore())) {
        start = begin.getDateTimeBefore(); // what is before it has passed once already
      }
    }
    LocalDateTime found = cron.next(start, LocalDateTime.ofInstant(until, offset));
    return found == null ? null : found.toInstant(offset);
  }

  /** The first in {@code [from, until)} of the local times in the gap before, moved out of it. */
  private @Nullable Instant shifted(Instant from, Instant until, ZoneRules rules) {
    if (dst.gap() == Dst.Gap.SKIP) {
      return null;
    }
    ZoneOffsetTransition begin = beginOf(from, rules);
    if (begin == null || !begin.isGap()) {
      return null;
    }
    ZoneOffset before = begin.getOffsetBefore();
    LocalDateTime found =
        cron.next(LocalDateTime.ofInstant(from, before), begin.getDateTimeAfter());
    Instant moment = found == null ? null : found.toInstant(before);
    return moment == null || !moment.isBefore(until) ? null : moment;
  }

  /** The change with which the offset in force at a moment began. */
  private static @Nullable ZoneOffsetTransition beginOf(Instant moment, ZoneRules rules) {
    return rules.previousTransition(moment.plusNanos(1));
  }
}
