package io.quikqueue.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingTest {

  private static final Instant MONDAY = Instant.parse("2026-11-30T00:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void theEarliestOfSeveralCronsIsNext() {
    Timing timing = crons(ZoneOffset.UTC, List.of(), "0 9 * * *", "30 8 * * MON", "0 9 1 * *");

    assertThat(next(timing, MONDAY, 4))
        .containsExactly(
            MONDAY.plus(Duration.ofMinutes(510)),
            MONDAY.plus(Duration.ofHours(9)),
            MONDAY.plus(Duration.ofHours(33)),
            MONDAY.plus(Duration.ofHours(57)));
  }

  @Test
  void calendarsAreCronsByName() {
    CalendarTime office = new CalendarTime("0", "0", "9,17", "*", "*", "MON-FRI");
    Timing timing =
        new Timing(
            List.of(), List.of(office), null, null, List.of(), BERLIN, Dst.DEFAULT, null, null);

    assertThat(CalendarTime.parse(office.cron())).isEqualTo(office);
    assertThat(next(timing, MONDAY, 2))
        .containsExactly(
            Instant.parse("2026-11-30T08:00:00Z"), Instant.parse("2026-11-30T16:00:00Z"));
  }

  @Test
  void anIntervalCountsFromItsStart() {
    Instant start = MONDAY.plusMillis(1500);
    Timing timing = every(Duration.ofSeconds(90), start, start.plusSeconds(180));

    assertThat(next(timing, MONDAY.minusSeconds(500), 5))
        .containsExactly(start, start.plusSeconds(90), start.plusSeconds(180));
  }

  @Test
  void anIntervalWithoutStartCountsFrom1970() {
    Timing timing = every(Duration.ofMinutes(5), null, null);

    assertThat(next(timing, MONDAY.plusSeconds(1), 2))
        .containsExactly(MONDAY.plusSeconds(300), MONDAY.plusSeconds(600));
    assertThat(next(timing, Instant.parse("1969-12-31T23:58:00Z"), 1))
        .containsExactly(Instant.EPOCH);
  }

  @Test
  void aMomentComesOnce() {
    Timing timing =
        new Timing(
            List.of(), List.of(), null, MONDAY, List.of(), ZoneOffset.UTC, Dst.DEFAULT, null, null);

    assertThat(next(timing, MONDAY.minusSeconds(9), 5)).containsExactly(MONDAY);
    assertThat(timing.next(MONDAY)).isNull();
  }

  @Test
  void excludedTimesAreLeftOut() {
    Timing timing =
        crons(
            BERLIN,
            List.of("2026-12-01", "12-03", "2026-12-05/2026-12-31", "* 12 * * *"),
            "0 11-13 * * *");

    assertThat(next(timing, MONDAY, 8))
        .containsExactly(
            Instant.parse("2026-11-30T10:00:00Z"),
            Instant.parse("2026-11-30T12:00:00Z"),
            Instant.parse("2026-12-02T10:00:00Z"),
            Instant.parse("2026-12-02T12:00:00Z"),
            Instant.parse("2026-12-04T10:00:00Z"),
            Instant.parse("2026-12-04T12:00:00Z"),
            Instant.parse("2027-01-01T10:00:00Z"),
            Instant.parse("2027-01-01T12:00:00Z"));
  }

  @Test
  void whatIsExcludedForGoodIsGivenUp() {
    assertThat(crons(BERLIN, List.of("* * * * *"), "* * * * * *").next(MONDAY)).isNull();
    assertThat(crons(BERLIN, List.of("30 * * * *"), "*/30 30 * * * *").next(MONDAY)).isNull();
    assertThat(crons(BERLIN, List.of("* 0-22 * * *"), "* * * * * *").next(MONDAY))
        .isEqualTo(Instant.parse("2026-11-30T22:00:00Z"));
  }

  @Test
  void aWalkPassesOverSoManyExcludedTimesInAll() {
    Timing timing = crons(ZoneOffset.UTC, List.of("0-49 * * * * *"), "* * * * * *");
    Timing.Walk walk = timing.walk(MONDAY.minusSeconds(1));
    List<Instant> found = new ArrayList<>();
    for (Instant each = walk.next(); each != null; each = walk.next()) {
      found.add(each);
    }

    assertThat(found).hasSize((Timing.MOST_PASSED / 50 - 1) * 10);
    assertThat(walk.gaveUpAt()).isEqualTo(found.getLast().plusSeconds(51).minusNanos(1));
    assertThat(walk.next()).isNull();
  }

  @Test
  void daysAreExcludedUpToTheLastThereIs() {
    Timing timing = crons(ZoneOffset.UTC, List.of("2026-12-01/9999-12-31"), "@daily");
    Timing.Walk walk = timing.walk(MONDAY.minusSeconds(1));

    assertThat(walk.next()).isEqualTo(MONDAY);
    assertThat(walk.next()).isEqualTo(Instant.parse("+10000-01-01T00:00:00Z"));
  }

  @Test
  void aWalkFindsTheTimesOfEachCron() {
    String[] cron = {"*/7 * * * *", "0 */5 * * *", "30 2 29 3 *", "0 0 1 * MON", "0 12 L * *"};
    Instant end = MONDAY.plus(Duration.ofDays(200));
    TreeSet<Instant> expected = new TreeSet<>();
    for (String each : cron) {
      Timing alone = crons(BERLIN, List.of(), each);
      for (Instant at = alone.next(MONDAY); at.isBefore(end); at = alone.next(at)) {
        expected.add(at);
      }
    }

    Timing.Walk walk = crons(BERLIN, List.of(), cron).walk(MONDAY);

    assertThat(Stream.generate(walk::next).takeWhile(each -> each.isBefore(end)))
        .containsExactlyElementsOf(expected);
  }

  /** It would be for all schedules that one thread stands still. */
  @Test
  void cronsThatAreRareAndExclusionsOfManyItemsCostLittle() {
    String[] cron = new String[Timing.MOST_CRONS];
    Arrays.setAll(cron, i -> i + " 0 * 2 1#5");
    cron[0] = "* * * * * *";
    String[] exclude = new String[Timing.MOST_EXCLUSIONS];
    Arrays.fill(exclude, "* * * " + "31W,".repeat(98) + "31W * 1#5");
    exclude[98] = "0-58 * * * * *";
    exclude[99] = "59 * * * * *";
    Timing timing = crons(BERLIN, List.of(exclude), cron);

    // Seven seconds each if all were looked for each time.
    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(3),
        () -> {
          for (int i = 0; i < 100; i++) {
            assertThat(timing.next(MONDAY)).isNull();
          }
        });
  }

  @Test
  void recentPassesOverSoManyExcludedTimesInAll() {
    Timing timing = crons(ZoneOffset.UTC, List.of("0-49 * * * * *"), "* * * * * *");

    Timing.Recent found = timing.recent(MONDAY.minusSeconds(1), MONDAY.plusSeconds(86_400), 3);

    assertThat(found.count()).isEqualTo((Timing.MOST_PASSED / 50 - 1) * 10);
    assertThat(found.until()).isEqualTo(found.times().getLast().plusSeconds(51).minusNanos(1));
  }

  @Test
  void aCalendarIsParsedOnce() {
    CalendarTime daily = new CalendarTime("0", "0", "9", "*", "*", "*");

    assertThat(daily.parsed()).isSameAs(daily.parsed()).isEqualTo(Cron.parse("0 0 9 * * *"));
    assertThat(daily.weekday()).isEqualTo("*");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new CalendarTime(Cron.parse("0 9 * * *")));
    assertThatExceptionOfType(InvalidCronException.class)
        .isThrownBy(() -> new CalendarTime("0", "0", "24", "*", "*", "*"));
    refused("hour", () -> new CalendarTime("0", "0", "9 10", "*", "*", "*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-02-30",
        "02-30",
        "2026-12-02/2026-12-01",
        "2026-12-02/",
        "13-01",
        "x",
        "2026-12-02/+10000-01-01",
        "2026-12-02/+999999999-12-31"
      })
  void aDayThatIsNoneIsRefused(String text) {
    assertThatExceptionOfType(InvalidCronException.class).isThrownBy(() -> Exclusion.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-25",
        "2026-12-24/2027-01-01",
        "02-29",
        "* 12 * * SUN",
        "2026-12-24/9999-12-31"
      })
  void anExclusionIsKeptAsText(String text) {
    assertThat(Exclusion.parse(text).text()).isEqualTo(text);
    assertThat(Exclusion.parse(Exclusion.parse(text).text())).isEqualTo(Exclusion.parse(text));
  }

  @Test
  void theNewestOfManyAreFound() {
    Timing timing = crons(ZoneOffset.UTC, List.of(), "* * * * * *");
    Instant until = MONDAY.plusMillis(500);

    Timing.Recent few = timing.recent(until.minusSeconds(5), until, 3);
    assertThat(few.count()).isEqualTo(5);
    assertThat(few.times()).containsExactly(MONDAY.minusSeconds(2), MONDAY.minusSeconds(1), MONDAY);

    Timing.Recent many = timing.recent(MONDAY.minus(Duration.ofDays(3000)), until, 3);
    assertThat(many.count()).isGreaterThan(10_000);
    assertThat(many.times()).isEqualTo(few.times());
  }

  @Test
  void theNewestOfABurstAreFound() {
    Timing timing = crons(ZoneOffset.UTC, List.of(), "* * * 29 2 *");

    Timing.Recent found = timing.recent(Instant.parse("1990-01-01T00:00:00Z"), MONDAY, 2);

    assertThat(found.times())
        .containsExactly(
            Instant.parse("2024-02-29T23:59:58Z"), Instant.parse("2024-02-29T23:59:59Z"));
  }

  @Test
  void exactlyOneKindIsWanted() {
    refused("cron", () -> crons(BERLIN, List.of()));
    refused(
        "cron",
        () ->
            new Timing(
                List.of(Cron.parse("@daily")),
                List.of(),
                Duration.ofHours(1),
                null,
                List.of(),
                BERLIN,
                Dst.DEFAULT,
                null,
                null));
  }

  @Test
  void allIsBounded() {
    String[] sixteen = Collections.nCopies(Timing.MOST_CRONS, "@daily").toArray(String[]::new);
    String[] more = Collections.nCopies(Timing.MOST_CRONS + 1, "@daily").toArray(String[]::new);
    assertThatNoException().isThrownBy(() -> crons(BERLIN, List.of(), sixteen));
    refused("cron", () -> crons(BERLIN, List.of(), more));
    List<String> hundred = Collections.nCopies(Timing.MOST_EXCLUSIONS, "12-25");
    assertThatNoException().isThrownBy(() -> crons(BERLIN, hundred, "@daily"));
    List<String> further = Collections.nCopies(Timing.MOST_EXCLUSIONS + 1, "12-25");
    refused("exclude", () -> crons(BERLIN, further, "@daily"));
    assertThatNoException().isThrownBy(() -> every(Duration.ofSeconds(1), null, null));
    assertThatNoException().isThrownBy(() -> every(Duration.ofDays(366), null, null));
    refused("every", () -> every(Duration.ofMillis(999), null, null));
    refused("every", () -> every(Duration.ofDays(366).plusMillis(1), null, null));
    refused("every", () -> every(Duration.ofNanos(1_500_000_001), null, null));
    refused("end", () -> every(Duration.ofHours(1), MONDAY, MONDAY.minusSeconds(1)));
  }

  private static void refused(String field, Runnable what) {
    assertThatExceptionOfType(InvalidFieldException.class)
        .isThrownBy(what::run)
        .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field));
  }

  private static Timing crons(ZoneId zone, List<String> exclude, String... crons) {
    return new Timing(
        List.of(crons).stream().map(Cron::parse).toList(),
        List.of(),
        null,
        null,
        exclude.stream().map(Exclusion::parse).toList(),
        zone,
        Dst.DEFAULT,
        null,
        null);
  }

  private static Timing every(Duration every, Instant start, Instant end) {
    return new Timing(
        List.of(), List.of(), every, null, List.of(), BERLIN, Dst.DEFAULT, start, end);
  }

  private static List<Instant> next(Timing timing, Instant after, int count) {
    List<Instant> found = new ArrayList<>();
    Instant at = timing.next(after);
    while (at != null && found.size() < count) {
      found.add(at);
      at = timing.next(at);
    }
    return found;
  }
}
