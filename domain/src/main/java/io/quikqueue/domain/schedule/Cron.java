package io.quikqueue.domain.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression: five fields (minute, hour, day of the month, month, day of the week) or six
 * with the second first, or a name such as {@code @daily}. Knows local times only; {@link
 * CronTimes} turns them into moments.
 */
public final class Cron {

  /** The longest expression, in characters. */
  public static final int MOST_CHARS = 1_000;

  /** A time that comes later than this many years is taken for one that never comes. */
  static final int HORIZON_YEARS = 60;

  private static final Map<String, String> NAMED =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final int LAST_HOUR = 23;
  private static final int LAST_SIXTIETH = 59;

  private final String text;
  private final boolean hasSeconds;
  private final CronField seconds;
  private final CronField minutes;
  private final CronField hours;
  private final CronField months;
  private final CronDays days;

  private Cron(String text, String[] field) {
    this.text = text;
    int at = field.length - 5;
    this.hasSeconds = at > 0;
    this.seconds = CronField.parse(at == 0 ? "0" : field[0], CronField.SECOND);
    this.minutes = CronField.parse(field[at], CronField.MINUTE);
    this.hours = CronField.parse(field[at + 1], CronField.HOUR);
    this.days = new CronDays(field[at + 2], field[at + 4]);
    this.months = CronField.parse(field[at + 3], CronField.MONTH);
  }

  /**
   * Reads an expression, in less than a few milliseconds whatever it is.
   *
   * @throws InvalidCronException when it is malformed or never fires
   */
  public static Cron parse(String text) {
    if (text.length() > MOST_CHARS) {
      throw new InvalidCronException("must be at most %d characters".formatted(MOST_CHARS));
    }
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw new InvalidCronException("must not be empty");
    }
    String fields = stripped;
    if (stripped.startsWith("@")) {
      String named = NAMED.get(stripped.toLowerCase(Locale.ROOT));
      if (named == null) {
        throw new InvalidCronException(
            "the names are @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually");
      }
      fields = named;
    }
    String[] field = fields.split("[ \\t]+");
    if (field.length != 5 && field.length != 6) {
      throw new InvalidCronException(
          "must have five fields, or six with the second first; it has " + field.length);
    }
    Cron cron = new Cron(stripped, field);
    if (cron.next(ANY_TIME, ANY_TIME.plusYears(HORIZON_YEARS)) == null) {
      throw new InvalidCronException("never fires: no month has such a day");
    }
    return cron;
  }

  /** The expression as it was written. */
  public String text() {
    return text;
  }

  /** Whether the hour is {@code *}: such a cron is a rhythm, which goes on through both passes. */
  boolean everyHour() {
    return hours.all();
  }

  /** The first local time that matches in {@code [from, until)}; null = none. */
  @Nullable LocalDateTime next(LocalDateTime from, LocalDateTime until) {
    LocalDateTime start = from.getNano() == 0 ? from : from.withNano(0).plusSeconds(1);
    LocalDate date = start.toLocalDate();
    LocalTime time = start.toLocalTime();
    while (date.atTime(time).isBefore(until)) {
      int month = months.from(date.getMonthValue());
      if (month != date.getMonthValue()) {
        date =
            month < 0
                ? LocalDate.of(date.getYear() + 1, months.from(1), 1)
                : LocalDate.of(date.getYear(), month, 1);
        time = LocalTime.MIDNIGHT;
        continue;
      }
      LocalTime next = days.match(date) ? next(time) : null;
      if (next != null) {
        LocalDateTime found = date.atTime(next);
        return found.isBefore(until) ? found : null;
      }
      date = date.plusDays(1);
      time = LocalTime.MIDNIGHT;
    }
    return null;
  }

  private @Nullable LocalTime next(LocalTime from) {
    int hour = hours.from(from.getHour());
    if (hour == from.getHour()) {
      int minute = minutes.from(from.getMinute());
      if (minute == from.getMinute()) {
        int second = seconds.from(from.getSecond());
        if (second >= 0) {
          return LocalTime.of(hour, minute, second);
        }
        minute = minutes.from(minute + 1);
      }
      if (minute >= 0) {
        return LocalTime.of(hour, minute, seconds.from(0));
      }
      hour = hours.from(hour + 1);
    }
    return hour < 0 ? null : LocalTime.of(hour, minutes.from(0), seconds.from(0));
  }

  /** Whether a local time matches; those of a five-field expression last for its minute. */
  boolean covers(LocalDateTime time) {
    return coversDay(time.toLocalDate())
        && hours.has(time.getHour())
        && minutes.has(time.getMinute())
        && (!hasSeconds || seconds.has(time.getSecond()));
  }

  /** The end of the stretch around a time, all of which this covers, or of a part of it. */
  LocalDateTime coveredUntil(LocalDateTime time) {
    boolean wholeMinutes = !hasSeconds || seconds.full(LAST_SIXTIETH);
    if (!wholeMinutes) {
      return time.withNano(0).plusSeconds(1);
    }
    LocalDateTime minute = time.withSecond(0).withNano(0);
    if (!minutes.full(LAST_SIXTIETH)) {
      return minute.plusMinutes(1);
    }
    return hours.full(LAST_HOUR)
        ? time.toLocalDate().plusDays(1).atStartOfDay()
        : minute.withMinute(0).plusHours(1);
  }

  private boolean coversDay(LocalDate date) {
    return months.has(date.getMonthValue()) && days.match(date);
  }

  /** Whether it was written with six fields. */
  boolean hasSeconds() {
    return hasSeconds;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cron cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
