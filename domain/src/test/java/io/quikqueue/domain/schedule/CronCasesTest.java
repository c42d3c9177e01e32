package io.quikqueue.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expressions with fire times that other software gives, and some that are refused: {@code
 * cron.jsonl}, one a line.
 */
class CronCasesTest {

  private static final Pattern TEXT = Pattern.compile("\"(\\w+)\": \"([^\"]*)\"");
  private static final Pattern NEXT = Pattern.compile("\"next\": \\[([^\\]]*)\\]");

  private static List<String> rows() throws IOException {
    try (InputStream in = CronCasesTest.class.getResourceAsStream("cron.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  static List<String> valid() throws IOException {
    return rows().stream().filter(row -> !row.contains("\"invalid\": true")).toList();
  }

  static List<String> refused() throws IOException {
    return rows().stream().filter(row -> row.contains("\"invalid\": true")).toList();
  }

  @Test
  void allRowsAreThere() throws IOException {
    assertThat(valid()).hasSize(72);
    assertThat(refused()).hasSize(21);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void firesWhenOthersDo(String row) {
    CronTimes times =
        new CronTimes(
            Cron.parse(text(row, "cron")),
            ZoneId.of(text(row, "zone")),
            new Dst(
                Dst.Gap.valueOf(text(row, "gap").toUpperCase(Locale.ROOT)),
                Dst.Overlap.valueOf(text(row, "overlap").toUpperCase(Locale.ROOT))));
    List<Instant> wanted = next(row);
    assertThat(wanted).hasSize(10);

    List<Instant> found = new ArrayList<>();
    Instant at = Instant.parse(text(row, "after"));
    for (int i = 0; i < wanted.size(); i++) {
      at = times.next(at);
      found.add(at);
    }

    assertThat(found).as(row).isEqualTo(wanted);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(String row) {
    assertThatExceptionOfType(InvalidCronException.class)
        .as(row)
        .isThrownBy(() -> Cron.parse(text(row, "cron")))
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(200));
  }

  private static String text(String row, String name) {
    Matcher matcher = TEXT.matcher(row);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return matcher.group(2);
      }
    }
    throw new AssertionError("no " + name + " in " + row);
  }

  private static List<Instant> next(String row) {
    Matcher matcher = NEXT.matcher(row);
    assertThat(matcher.find()).as(row).isTrue();
    return Pattern.compile("\"([^\"]*)\"")
        .matcher(matcher.group(1))
        .results()
        .map(each -> Instant.parse(each.group(1)))
        .toList();
  }
}
