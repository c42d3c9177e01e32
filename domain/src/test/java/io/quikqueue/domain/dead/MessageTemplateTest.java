package io.quikqueue.domain.dead;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTemplateTest {

  private static final String SEED = "quikqueue.seed";

  static LongStream seeds() {
    Long given = Long.getLong(SEED);
    return given == null ? LongStream.of(1, 2, 3) : LongStream.of(given);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no such user | no such user",
        "user 42 is unknown | user {n} is unknown",
        "after 1.5 s | after {n} s",
        "10,000 of 12,345 rows | {n} of {n} rows",
        "10.0.0.7:5432 refused | {n} refused",
        "at 12:30:01.250 | at {n}",
        "on 2026-11-30T06:18:34Z | on {n}-{n}-{n}T{n}Z",
        "1, 2 | {n}, {n}",
        "7. 8 | {n}. {n}",
        "HTTP 503 from shard12.example | HTTP {n} from shard{n}.example",
        "user_17 | user_{n}",
        "a1b2 | a{n}b{n}",
        "job 01934f7c-8d1e-7c3a-9b5f-0123456789ab | job {id}",
        "job 01934F7C-8D1E-7C3A-9B5F-0123456789AB. | job {id}.",
        "customer cus9s6XKzkNRiz8i3 | customer {id}",
        "key 01ARZ3NDEKTSV4RRFFQ69G5FAV gone | key {id} gone",
        "object at 0x7ffee4 | object at {hex}",
        "object at 0x7 | object at {hex}",
        "Foo@1b6d3586 | Foo@{hex}",
        "commit 9fceb02d | commit {hex}",
        "sha 2c26b46b68ffc68ff99b453c1d304134 | sha {hex}",
        "a facade and cafes | a facade and cafes",
        "deadbeef | deadbeef",
        "12345678 | {n}",
        "٤٢ apples | {n} apples",
        "größe 3 | größe {n}",
        "{n} and {id} | {n} and {id}",
      })
  void whatDiffersFromOneMessageToTheNextIsReplaced(String message, String template) {
    assertThat(MessageTemplate.of(message)).isEqualTo(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", " a b ", "a\n\tb", "a\r\n\r\n  b\n", "a\u0000b\u0007"})
  void whiteSpaceIsOneSpace(String message) {
    assertThat(MessageTemplate.of(message)).isEqualTo("a b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01934f7c-8d1e-7c3a-9b5f-0123456789abc",
        "01934f7c-8d1e-7c3a-9b5f-0123456789a",
        "01934f7c-8d1e-7c3a-9b5f_0123456789ab",
      })
  void whatOnlyLooksLikeAUuidIsNone(String message) {
    assertThat(MessageTemplate.of(message)).isNotEqualTo("{id}").doesNotContain("01934");
  }

  @Test
  void aLongOneIsCutAndNotBetweenTheHalvesOfAPair() {
    assertThat(MessageTemplate.of("x".repeat(300))).hasSize(300).doesNotContain("…");
    assertThat(MessageTemplate.of("x".repeat(301))).hasSize(300).endsWith("x…");
    assertThat(MessageTemplate.of("x".repeat(298) + "🎉🎉")).isEqualTo("x".repeat(298) + "…");
    assertThat(MessageTemplate.of("")).isEmpty();
    assertThat(MessageTemplate.of("   ")).isEmpty();
  }

  /** They take a second or so together; were it the square of the length, it would be hours. */
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "1", "-", "1.", "a1", "0x", "0-", "01934f7c-", "{n}.", " ", "1 ", "\uD83C"})
  void hostileMessagesTakeNoLongerThanOthers(String part) {
    String message = part.repeat(8_192 / part.length());
    for (int i = 0; i < 2_000; i++) {
      assertThat(MessageTemplate.of(message).length()).isLessThanOrEqualTo(300);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aTemplateIsItsOwnTemplateAndHasNoDigits(long seed) {
    Random random = new Random(seed);
    String alphabet = "abfxzABFXZ0123456789-_.,: {}@#\n\t\u0000é漢🎉٤";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder message = new StringBuilder();
      for (int length = random.nextInt(400); length > 0; length--) {
        message.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String template = MessageTemplate.of(message.toString());
      String told = "-D" + SEED + "=" + seed + ": " + message;
      assertThat(template.length()).as(told).isLessThanOrEqualTo(MessageTemplate.MAX_LENGTH);
      assertThat(template.chars().anyMatch(Character::isDigit)).as(told).isFalse();
      assertThat(MessageTemplate.of(template)).as(told).isEqualTo(template);
    }
  }
}
