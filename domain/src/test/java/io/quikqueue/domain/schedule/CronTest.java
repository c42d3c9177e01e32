package io.quikqueue.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe",
          "Africa/Cairo",
          "America/Sao_Paulo",
          "Pacific/Apia",
          "Asia/Kathmandu");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0-59/0 * * * *",
        "1--100000000 * * * *",
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 30W 2 *",
        "* * * * 1-0",
        "* * * * 7-1",
        "22-2 * * * *",
        "*-5 * * * *",
        "* * * L *",
        "* L * * *",
        "* * L-3 * *",
        "* * * * #1",
        "* * * * 1#0",
        "* * 32W * *",
        "* * * * MONDAY",
        "*/00000 * * * *",
        "1,2;3 * * * *",
        "* * * * * 2026",
        "\u0661 * * * *",
        "@",
        "@reboot",
        "@every 5m"
      })
  void isRefused(String text) {
    assertThatExceptionOfType(InvalidCronException.class).isThrownBy(() -> Cron.parse(text));
  }

  @Test
  void isAtMostSoLong() {
    String longest = "0 0 * * " + " ".repeat(Cron.MOST_CHARS - 9) + "*";
    assertThat(longest).hasSize(Cron.MOST_CHARS);
    assertThatNoException().isThrownBy(() -> Cron.parse(longest));
    assertThatExceptionOfType(InvalidCronException.class)
        .isThrownBy(() -> Cron.parse(longest + " "));
    assertThatExceptionOfType(InvalidCronException.class)
        .isThrownBy(() -> Cron.parse("1".repeat(10_000)));
  }

  @Test
  void hasAHundredItemsAtMost() {
    String hundred = "1" + ",1".repeat(99);
    assertThatNoException().isThrownBy(() -> Cron.parse(hundred + " * * * *"));
    assertThatNoException().isThrownBy(() -> Cron.parse("* * " + hundred + " * *"));
    assertThatExceptionOfType(InvalidCronException.class)
        .isThrownBy(() -> Cron.parse(hundred + ",1 * * * *"));
    assertThatExceptionOfType(InvalidCronException.class)
        .isThrownBy(() -> Cron.parse("* * " + hundred + ",1 * *"));
  }

  @Test
  void aRangeOfDaysMayEndWithSundayByName() {
    CronTimes times = new CronTimes(Cron.parse("0 0 * * sat-sun"), ZoneOffset.UTC, Dst.DEFAULT);
    assertThat(times.next(Instant.parse("2026-11-30T00:00:00Z")))
        .isEqualTo(Instant.parse("2026-12-05T00:00:00Z"));
    assertThat(times.next(Instant.parse("2026-12-05T00:00:00Z")))
        .isEqualTo(Instant.parse("2026-12-06T00:00:00Z"));
  }

  @Test
  void aDayThatIsRareIsFound() {
    CronTimes times = new CronTimes(Cron.parse("0 0 * 2 5#5"), ZoneOffset.UTC, Dst.DEFAULT);
    LocalDate wanted = LocalDate.of(2096, 2, 29); // 2100 has no such day
    while (wanted.getDayOfMonth() != 29 || wanted.getDayOfWeek() != DayOfWeek.FRIDAY) {
      wanted = LocalDate.of(wanted.getYear() + 1, 2, 28);
      wanted = wanted.isLeapYear() ? wanted.withDayOfMonth(29) : wanted;
    }

    assertThat(times.next(Instant.parse("2092-03-01T00:00:00Z")))
        .isEqualTo(wanted.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  @Test
  void whatOnlyFiresInGapsNeverDoesWhenTheyAreSkipped() {
    Cron cron = Cron.parse("30 2 * 3 SUN#2");
    ZoneId zone = ZoneId.of("America/New_York");
    Instant after = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(new CronTimes(cron, zone, Dst.DEFAULT).next(after))
        .isEqualTo(Instant.parse("2026-03-08T07:30:00Z"));
    assertThat(new CronTimes(cron, zone, new Dst(Dst.Gap.SKIP, Dst.Overlap.FIRST)).next(after))
        .isNull();
  }

  /** Walks along all minutes and asks each for its local time. */
  @Test
  void agreesWithANaiveWalk() {
    Random random = new Random(20260301);
    for (int i = 0; i < 400; i++) {
      Fields fields = Fields.random(random);
      ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      Dst dst =
          new Dst(
              random.nextBoolean() ? Dst.Gap.SHIFT : Dst.Gap.SKIP,
              random.nextBoolean() ? Dst.Overlap.FIRST : Dst.Overlap.BOTH);
      Instant from = near(zone, random);
      Instant until = from.plusSeconds(3 * 86_400);
      String seed = "%d: %s %s %s from %s".formatted(i, fields.text(), zone, dst, from);

      List<Instant> found = new ArrayList<>();
      CronTimes times = new CronTimes(Cron.parse(fields.text()), zone, dst);
      for (Instant at = times.next(from); at != null && at.isBefore(until); at = times.next(at)) {
        found.add(at);
      }

      assertThat(found).as(seed).isEqualTo(fields.walk(from, until, zone, dst));
    }
  }

  /** A time around a change of the zone's offset, where it has one. */
  private static Instant near(ZoneId zone, Random random) {
    Instant any = Instant.parse("2005-01-01T00:00:00Z").plusSeconds(random.nextInt(900_000_000));
    ZoneOffsetTransition change = zone.getRules().nextTransition(any);
    Instant at = change == null ? any : change.getInstant().minusSeconds(86_400);
    return Instant.ofEpochSecond(at.getEpochSecond() / 60 * 60 - random.nextInt(600) * 60L);
  }

  /** Plain fields; null = any. */
  private record Fields(
      List<Integer> minutes,
      List<Integer> hours,
      List<Integer> days,
      List<Integer> months,
      List<Integer> weekdays) {

    static Fields random(Random random) {
      return new Fields(
          some(random, 0, 59, 3),
          some(random, 0, 23, 3),
          some(random, 1, 28, 2),
          random.nextInt(4) == 0 ? some(random, 1, 12, 2) : null,
          some(random, 0, 6, 2));
    }

    private static List<Integer> some(Random random, int from, int to, int of) {
      if (random.nextInt(of) == 0) {
        return null;
      }
      int count = 1 + random.nextInt(6);
      return IntStream.range(0, count)
          .map(_ -> from + random.nextInt(to - from + 1))
          .distinct()
          .boxed()
          .toList();
    }

    String text() {
      return List.of(text(minutes), text(hours), text(days), text(months), text(weekdays)).stream()
          .collect(Collectors.joining(" "));
    }

    private static String text(List<Integer> numbers) {
      return numbers == null
          ? "*"
          : numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    List<Instant> walk(Instant from, Instant until, ZoneId zone, Dst dst) {
      TreeSet<Instant> all = new TreeSet<>();
      for (Instant at = from.minusSeconds(2 * 86_400);
          at.isBefore(until);
          at = at.plusSeconds(60)) {
        LocalDateTime local = LocalDateTime.ofInstant(at, zone);
        if (match(local)) {
          List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
          boolean second = offsets.size() == 2 && !local.toInstant(offsets.getFirst()).equals(at);
          if (!second || hours == null || dst.overlap() == Dst.Overlap.BOTH) {
            all.add(at);
          }
        }
      }
      if (dst.gap() == Dst.Gap.SHIFT) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(from.minusSeconds(2 * 86_400));
        while (change != null && change.getInstant().isBefore(until)) {
          if (change.isGap()) {
            for (LocalDateTime local = change.getDateTimeBefore();
                local.isBefore(change.getDateTimeAfter());
                local = local.plusMinutes(1)) {
              if (match(local)) {
                all.add(local.atZone(zone).toInstant()); // java.time moves it by the gap
              }
            }
          }
          change = zone.getRules().nextTransition(change.getInstant());
        }
      }
      return all.stream().filter(at -> at.isAfter(from) && at.isBefore(until)).toList();
    }

    private boolean match(LocalDateTime local) {
      boolean day = days == null || days.contains(local.getDayOfMonth());
      boolean weekday = weekdays == null || weekdays.contains(local.getDayOfWeek().getValue() % 7);
      boolean date = days != null && weekdays != null ? day || weekday : day && weekday;
      return date
          && (minutes == null || minutes.contains(local.getMinute()))
          && (hours == null || hours.contains(local.getHour()))
          && (months == null || months.contains(local.getMonthValue()));
    }
  }
}
