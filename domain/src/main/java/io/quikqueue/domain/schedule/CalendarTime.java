package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.InvalidFieldException;
import java.util.List;

/**
 * A cron expression by the names of its fields; each is written as there.
 *
 * @param day of the month
 */
public record CalendarTime(
    String second, String minute, String hour, String day, String month, String weekday) {

  public CalendarTime {
    requireWord(second, "second");
    requireWord(minute, "minute");
    requireWord(hour, "hour");
    requireWord(day, "day");
    requireWord(month, "month");
    requireWord(weekday, "weekday");
  }

  /** The same as an expression of six fields. */
  public String cron() {
    return String.join(" ", second, minute, hour, day, month, weekday);
  }

  /** Reads what {@link #cron} gave. */
  static CalendarTime parse(String cron) {
    List<String> field = List.of(cron.split(" "));
    return new CalendarTime(
        field.get(0), field.get(1), field.get(2), field.get(3), field.get(4), field.get(5));
  }

  private static void requireWord(String text, String field) {
    if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidFieldException(field, "must be a field of a cron expression");
    }
  }
}
