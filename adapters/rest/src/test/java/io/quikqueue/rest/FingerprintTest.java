package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

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
      })
  void differs(String one, String other) {
    assertThat(of(one)).isNotEqualTo(of(other));
  }

  @Test
  void dependsOnThePath() {
    assertThat(Fingerprint.of("/submit", "{}")).isNotEqualTo(of("{}"));
  }
}
