package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

  private static String of(String json) {
    return Fingerprint.of("/v1/jobs", json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":[2,{}]} | { \"b\" : [ 2 , { } ] , \"a\" : 1 }",
        "{\"a\":\"\\u0041/\"} | {\"\\u0061\":\"A\\/\"}",
        "{\"a\":1} | {\"a\":1,\"idempotency_key\":\"k\"}",
      })
  void isTheSame(String one, String other) {
    assertThat(of(one)).isEqualTo(of(other)).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1} | {\"a\":2}",
        "{\"a\":1} | {\"a\":\"1\"}",
        "{\"a\":1} | {\"a\":1.0}",
        "{\"a\":null} | {}",
        "{\"a\":null} | {\"a\":\"null\"}",
        "[1,2] | [2,1]",
        "[[1],2] | [1,[2]]",
        "[] | {}",
        "[[]] | []",
        "{\"a\":{\"b\":1}} | {\"a\":{},\"b\":1}",
        "{\"a\":\"1,1\\\"b\"} | {\"a\":1,\"b\":\"\"}",
        "[\"a\",\"b\"] | [\"a,1\\\"b\"]",
        "{\"a\":{\"idempotency_key\":1}} | {\"a\":{}}",
        "{\"a\":1,\"b2345678901\":2} | {\"a\":11,\"b\":23456789012}",
        "{\"a\":true,\"b\":1} | {\"a\":\"true1\\\"b\",\"b\":1}",
        "{\"a\":[1,23]} | {\"a\":[12,3]}",
        "{\"a\":[]} | {\"a\":[[]]}",
        "{\"a\":[{},1]} | {\"a\":[{\"\":1}]}",
      })
  void differs(String one, String other) {
    assertThat(of(one)).isNotEqualTo(of(other));
  }

  @Test
  void dependsOnThePath() {
    assertThat(Fingerprint.of("/submit", "{}")).isNotEqualTo(of("{}"));
  }

  /** Short names and scalars that run into each other where nothing stands between them. */
  @Test
  void generatedDocumentsDifferUnlessTheyAreEqual() {
    Random random = new Random(11);
    Map<String, Object> seen = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      Object document = Map.of("a", value(random, 3), "b", value(random, 2));
      String fingerprint = of(json(document, random));

      assertThat(of(json(document, random))).isEqualTo(fingerprint);
      Object before = seen.putIfAbsent(fingerprint, document);
      if (before != null) {
        assertThat(before).isEqualTo(document);
      }
    }
    assertThat(seen).hasSizeGreaterThan(10_000);
  }

  @Test
  void readsDeepDocuments() {
    String deep = "{\"a\":[".repeat(90) + "1" + "]}".repeat(90);

    assertThat(of(deep)).isEqualTo(of(deep.replace(":", " : ")));
    assertThat(of(deep)).isNotEqualTo(of(deep.replace("1", "2")));
  }

  /** A scalar as it is written, a list, or a map. */
  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0, 1 -> number(random);
      case 2 -> '"' + text(random) + '"';
      case 3 -> List.of("true", "false", "null").get(random.nextInt(3));
      case 4 -> Stream.generate(() -> value(random, depth - 1)).limit(random.nextInt(4)).toList();
      default -> {
        Map<String, Object> fields = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          fields.put(text(random), value(random, depth - 1));
        }
        yield fields;
      }
    };
  }

  private static String number(Random random) {
    return String.valueOf(random.nextInt(1, random.nextBoolean() ? 3 : 200));
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append("ab12:,[{#=".charAt(random.nextInt(10)));
    }
    return text.toString();
  }

  /** With the fields of objects in any order, and white space wherever it may stand. */
  private static String json(Object value, Random random) {
    String space = " \n\t\r".substring(0, random.nextInt(5));
    return space + compact(value, random) + space;
  }

  private static String compact(Object value, Random random) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(each -> json(each, random)).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> fields -> {
        List<Map.Entry<?, ?>> shuffled = new ArrayList<>(fields.entrySet());
        Collections.shuffle(shuffled, random);
        yield shuffled.stream()
            .map(field -> '"' + field.getKey().toString() + "\":" + json(field.getValue(), random))
            .collect(Collectors.joining(",", "{", "}"));
      }
      default -> value.toString();
    };
  }
}
