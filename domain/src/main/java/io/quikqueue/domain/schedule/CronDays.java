package io.quikqueue.domain.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The days of a cron expression: its fields for the day of the month and of the week. */
final class CronDays {

  private static final Pattern LAST = Pattern.compile("L");
  private static final Pattern LAST_WORKDAY = Pattern.compile("LW|WL");
  private static final Pattern NEAR = Pattern.compile("([0-9]{1,2})W");
  private static final Pattern NTH = Pattern.compile("([0-7]|[A-Z]{3})#([0-9]{1,2})");
  private static final Pattern LAST_OF = Pattern.compile("([0-7]|[A-Z]{3})L");
  private static final int WEEK = 7;

  private final CronField month;
  private final CronField weekday;
  private final List<Predicate<LocalDate>> special = new ArrayList<>();
  private final boolean anyMonthDay;
  private final boolean anyWeekday;

  /** The one that was looked at last: walks go from day to day, and fields may have many items. */
  private volatile Days latest = new Days(Long.MIN_VALUE, 0);

  /**
   * The days of a month that match.
   *
   * @param month counted from year 0
   * @param bits bit n is set when its day n matches
   */
  private record Days(long month, long bits) {}

  /**
   * @throws InvalidCronException when the fields are none
   */
  CronDays(String monthDays, String weekdays) {
    anyMonthDay = unrestricted(monthDays);
    anyWeekday = unrestricted(weekdays);
    month = new CronField(monthDayBits(monthDays), anyMonthDay);
    weekday = new CronField(weekdayBits(weekdays), anyWeekday);
  }

  /** When both fields are restricted, a day of either counts: the rule of Vixie cron. */
  boolean match(LocalDate date) {
    long asked = date.getYear() * 12L + date.getMonthValue();
    Days days = latest;
    if (days.month() != asked) {
      days = new Days(asked, bitsOf(date.withDayOfMonth(1)));
      latest = days;
    }
    return (days.bits() >>> date.getDayOfMonth() & 1) != 0;
  }

  private long bitsOf(LocalDate first) {
    long bits = 0;
    for (int day = first.lengthOfMonth(); day > 0; day--) {
      bits |= matches(first.withDayOfMonth(day)) ? 1L << day : 0;
    }
    return bits;
  }

  private boolean matches(LocalDate date) {
    boolean byMonthDay = month.has(date.getDayOfMonth());
    boolean byWeekday = weekday.has(date.getDayOfWeek().getValue() % WEEK);
    if (special.isEmpty()) {
      return anyMonthDay ? byWeekday : anyWeekday ? byMonthDay : byMonthDay || byWeekday;
    }
    boolean bySpecial = special.stream().anyMatch(each -> each.test(date));
    if (anyMonthDay) {
      return byWeekday || bySpecial;
    }
    return anyWeekday ? byMonthDay || bySpecial : byMonthDay || byWeekday || bySpecial;
  }

  /** Whether every day matches. */
  boolean all() {
    return anyMonthDay && anyWeekday;
  }

  private static boolean unrestricted(String text) {
    return text.equals("*") || text.equals("?");
  }

  private long monthDayBits(String text) {
    if (unrestricted(text)) {
      return -1L;
    }
    long bits = 0;
    for (String item : items(text)) {
      Matcher near = NEAR.matcher(item);
      if (LAST.matcher(item).matches()) {
        special.add(date -> date.getDayOfMonth() == date.lengthOfMonth());
      } else if (LAST_WORKDAY.matcher(item).matches()) {
        special.add(date -> date.equals(lastWorkday(date)));
      } else if (near.matches()) {
        int day = CronField.DAY.number(near.group(1));
        special.add(date -> date.equals(workdayNear(date, day)));
      } else {
        bits |= CronField.parse(item, CronField.DAY).bits();
      }
    }
    return bits;
  }

  private long weekdayBits(String text) {
    if (unrestricted(text)) {
      return -1L;
    }
    long bits = 0;
    for (String item : items(text)) {
      Matcher nth = NTH.matcher(item);
      Matcher last = LAST_OF.matcher(item);
      if (nth.matches()) {
        int day = CronField.WEEKDAY.number(nth.group(1)) % WEEK;
        int number = Integer.parseInt(nth.group(2));
        if (number < 1 || number > 5) {
          throw new InvalidCronException("a month has the first to the fifth of a weekday");
        }
        special.add(
            date ->
                date.getDayOfWeek().getValue() % WEEK == day
                    && (date.getDayOfMonth() + WEEK - 1) / WEEK == number);
      } else if (last.matches()) {
        int day = CronField.WEEKDAY.number(last.group(1)) % WEEK;
        special.add(
            date ->
                date.getDayOfWeek().getValue() % WEEK == day
                    && date.getDayOfMonth() > date.lengthOfMonth() - WEEK);
      } else {
        bits |= CronField.parse(item, CronField.WEEKDAY).bits();
      }
    }
    return bits;
  }

  private static String[] items(String text) {
    String[] items = text.toUpperCase(Locale.ROOT).split(",", -1);
    if (items.length > 100) {
      throw new InvalidCronException("a field has more than 100 items");
    }
    return items;
  }

  private static LocalDate lastWorkday(LocalDate date) {
    LocalDate last = YearMonth.from(date).atEndOfMonth();
    return switch (last.getDayOfWeek()) {
      case SATURDAY -> last.minusDays(1);
      case SUNDAY -> last.minusDays(2);
      default -> last;
    };
  }

  /** Never in another month; where the month has no such day, a date that is not in it. */
  private static LocalDate workdayNear(LocalDate date, int day) {
    int length = date.lengthOfMonth();
    if (day > length) {
      return LocalDate.MIN;
    }
    LocalDate wanted = date.withDayOfMonth(day);
    DayOfWeek weekday = wanted.getDayOfWeek();
    return switch (weekday) {
      case SATURDAY -> day == 1 ? wanted.plusDays(2) : wanted.minusDays(1);
      case SUNDAY -> day == length ? wanted.minusDays(2) : wanted.plusDays(1);
      default -> wanted;
    };
  }
}
