package io.quikqueue.domain.schedule;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.util.regex.Pattern;

/** Local times at which a schedule does not fire. */
public sealed interface Exclusion {

  /** Days one after another, the last one included. */
  record Days(LocalDate first, LocalDate last) implements Exclusion {
    @Override
    public boolean covers(LocalDateTime time) {
      return !time.toLocalDate().isBefore(first) && !time.toLocalDate().isAfter(last);
    }

    @Override
    public LocalDateTime coveredUntil(LocalDateTime time) {
      return last.plusDays(1).atStartOfDay();
    }

    @Override
    public String text() {
      return first.equals(last) ? first.toString() : first + "/" + last;
    }
  }

  /** A day of each year. */
  record Yearly(MonthDay day) implements Exclusion {
    @Override
    public boolean covers(LocalDateTime time) {
      return MonthDay.from(time).equals(day);
    }

    @Override
    public LocalDateTime coveredUntil(LocalDateTime time) {
      return time.toLocalDate().plusDays(1).atStartOfDay();
    }

    @Override
    public String text() {
      return day.toString().substring(2); // java.time writes --12-25
    }
  }

  /** All that a cron expression matches: the whole minute when it has five fields. */
  record Matching(Cron cron) implements Exclusion {
    @Override
    public boolean covers(LocalDateTime time) {
      return cron.covers(time);
    }

    @Override
    public LocalDateTime coveredUntil(LocalDateTime time) {
      return cron.coveredUntil(time);
    }

    @Override
    public String text() {
      return cron.text();
    }
  }

  boolean covers(LocalDateTime time);

  /** A later time, up to which all is covered as this time is. */
  LocalDateTime coveredUntil(LocalDateTime time);

  /** All of it in one text, for {@link #parse}. */
  String text();

  /** Later days have no moments that a store could keep. */
  int LAST_YEAR = 9999;

  /** A day of one year; whether there is such a day, java.time knows. */
  Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  /**
   * Reads {@code 2026-12-25}, {@code 2026-12-24/2027-01-01}, {@code 12-25} or a cron expression.
   *
   * @throws InvalidCronException when it is none of these
   */
  static Exclusion parse(String text) {
    String stripped = text.strip();
    try {
      if (stripped.matches("\\d\\d-\\d\\d")) {
        return new Yearly(MonthDay.parse("--" + stripped));
      }
      String[] part = stripped.split("/", 2);
      if (DAY.matcher(part[0]).matches()) {
        LocalDate first = LocalDate.parse(part[0]);
        LocalDate last = part.length == 1 ? first : LocalDate.parse(part[1]);
        if (last.getYear() > LAST_YEAR) {
          throw new InvalidCronException("the last day must be in " + LAST_YEAR + " or before");
        }
        if (last.isBefore(first)) {
          throw new InvalidCronException("the last day is before the first");
        }
        return new Days(first, last);
      }
    } catch (DateTimeException e) {
      throw new InvalidCronException("is no day of the calendar");
    }
    return new Matching(Cron.parse(text));
  }
}
