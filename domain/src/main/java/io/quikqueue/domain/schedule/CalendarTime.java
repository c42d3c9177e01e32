package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.InvalidFieldException;

/**
 * A cron expression by the names of its fields.
 *
 * @param parsed has six fields
 */
public record CalendarTime(Cron parsed) {

  public CalendarTime {
    if (!parsed.hasSeconds()) {
      throw new IllegalArgumentException("not six fields: " + parsed);
    }
  }

  /**
   * Each field is written as in a cron expression.
   *
   * @param day of the month
   * @throws InvalidFieldException when one is not a word
   * @throws InvalidCronException when one is malformed, or it never fires
   */
  public CalendarTime(
      String second, String minute, String hour, String day, String month, String weekday) {
    this(
        Cron.parse(
            String.join(
                " ",
                word(second, "second"),
                word(minute, "minute"),
                word(hour, "hour"),
                word(day, "day"),
                word(month, "month"),
                word(weekday, "weekday"))));
  }

  public String second() {
    return field(0);
  }

  public String minute() {
    return field(1);
  }

  public String hour() {
    return field(2);
  }

  /** Of the month. */
  public String day() {
    return field(3);
  }

  public String month() {
    return field(4);
  }

  public String weekday() {
    return field(5);
  }

  private String field(int place) {
    return cron().split(" ")[place];
  }

  /** The same as an expression of six fields. */
  public String cron() {
    return parsed.text();
  }

  /** Reads what {@link #cron} gave. */
  static CalendarTime parse(String cron) {
    return new CalendarTime(Cron.parse(cron));
  }

  private static String word(String text, String field) {
    if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidFieldException(field, "must be a field of a cron expression");
    }
    return text;
  }
}
