package io.quikqueue.domain.schedule;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plain field of a cron expression: lists, ranges, steps and names, as the set of the numbers
 * that match.
 *
 * @param bits bit n is set when the number n matches
 * @param all whether it was written as an asterisk, which restricts nothing
 */
record CronField(long bits, boolean all) {

  private static final Pattern ITEM =
      Pattern.compile(
          "(\\*|[0-9]{1,4}|[A-Za-z]{3})(?:-([0-9]{1,4}|[A-Za-z]{3}))?(?:/([0-9]{1,4}))?");
  private static final int MOST_ITEMS = 100;

  static final Kind SECOND = new Kind("second", 0, 59, 59, List.of(), 0);
  static final Kind MINUTE = new Kind("minute", 0, 59, 59, List.of(), 0);
  static final Kind HOUR = new Kind("hour", 0, 23, 23, List.of(), 0);
  static final Kind DAY = new Kind("day of the month", 1, 31, 31, List.of(), 0);
  static final Kind MONTH =
      new Kind(
          "month",
          1,
          12,
          12,
          List.of(
              "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
          1);

  /** 7 is Sunday, too, so that ranges can end with it. */
  static final Kind WEEKDAY =
      new Kind(
          "day of the week", 0, 7, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 0);

  /**
   * What a field counts.
   *
   * @param last the last number, up to which a step from a single number or an asterisk goes
   * @param max the greatest number that may be written
   * @param names those that may be written in place of numbers
   * @param firstName the number of the first of them
   */
  record Kind(String name, int min, int max, int last, List<String> names, int firstName) {

    int number(String text) {
      int number;
      if (Character.isDigit(text.charAt(0))) {
        number = Integer.parseInt(text);
      } else {
        int name = names.indexOf(text.toUpperCase(Locale.ROOT));
        if (name < 0) {
          throw new InvalidCronException("\"%s\" is no %s".formatted(text, this.name));
        }
        number = firstName + name;
      }
      if (number < min || number > max) {
        throw new InvalidCronException(
            "%d is no %s: those are from %d to %d".formatted(number, name, min, max));
      }
      return number;
    }
  }

  /**
   * Reads a field.
   *
   * @throws InvalidCronException when it is none
   */
  static CronField parse(String text, Kind kind) {
    String[] items = text.split(",", -1);
    if (items.length > MOST_ITEMS) {
      throw new InvalidCronException(
          "the %s has more than %d items".formatted(kind.name(), MOST_ITEMS));
    }
    long bits = 0;
    for (String item : items) {
      bits |= item(item, kind);
    }
    return new CronField(bits, text.equals("*"));
  }

  private static long item(String item, Kind kind) {
    Matcher matcher = ITEM.matcher(item);
    if (!matcher.matches()) {
      throw new InvalidCronException(
          "the %s has an item that is no number, name, range or step".formatted(kind.name()));
    }
    boolean any = matcher.group(1).equals("*");
    if (any && matcher.group(2) != null) {
      throw new InvalidCronException("a range cannot begin with *");
    }
    int from = any ? kind.min() : kind.number(matcher.group(1));
    boolean open = any || matcher.group(3) != null;
    int to =
        matcher.group(2) != null
            ? kind.number(matcher.group(2))
            : open ? Math.max(from, kind.last()) : from;
    if (from > 0 && "SUN".equalsIgnoreCase(matcher.group(2))) {
      to = kind.max(); // FRI-SUN: the week's last day here, otherwise its first
    }
    int step = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
    if (step < 1) {
      throw new InvalidCronException("a step must be at least 1");
    }
    if (from > to) {
      throw new InvalidCronException(
          "the %s has a range that goes backwards".formatted(kind.name()));
    }
    long bits = 0;
    for (int each = from; each <= to; each += step) {
      bits |= 1L << (each > kind.last() ? each - kind.max() : each);
    }
    return bits;
  }

  boolean has(int number) {
    return (bits >>> number & 1) != 0;
  }

  /** The first that matches of those not less than this; -1 = none. */
  int from(int number) {
    if (number > 63) {
      return -1;
    }
    long rest = bits & (-1L << number);
    return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
  }

  /** Whether every number from 0 to this matches. */
  boolean full(int last) {
    return Long.bitCount(bits & ((1L << (last + 1)) - 1)) == last + 1;
  }
}
