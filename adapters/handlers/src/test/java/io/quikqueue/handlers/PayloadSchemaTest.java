package io.quikqueue.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.quikqueue.domain.job.InvalidPayloadException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadSchemaTest {

  private static final String ORDER =
      """
      {"$id": "urn:order",
       "type": "object",
       "properties": {
         "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}, "uniqueItems": true},
         "a/b~c": {"enum": ["x", 1, null]}},
       "required": ["lines"],
       "unevaluatedProperties": false,
       "$defs": {"line": {"properties": {"sku": {"pattern": "^[A-Z]{3}$"}},
                          "dependentRequired": {"sku": ["count"]}}}}""";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"lines\":[]}",
        "{\"lines\":[{\"sku\":\"ABC\",\"count\":1},{}],\"a/b~c\":1.0}",
        "{\"lines\":[1,2,\"1\"],\"a/b~c\":null}"
      })
  void aPayloadThatFitsIsTaken(String payload) {
    PayloadSchema.of(ORDER).check(payload);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                       | ``             | object",
        "null                                     | ``             | object",
        "{}                                       | ``             | lines",
        "{\"lines\":{}}                           | /lines         | array",
        "{\"lines\":[{\"sku\":\"abc\",\"count\":1}]} | /lines/0/sku | pattern",
        "{\"lines\":[{},{\"sku\":\"ABC\"}]}       | /lines/1       | count",
        "{\"lines\":[1,2,1]}                    | /lines         | unique",
        "{\"lines\":[],\"a/b~c\":2}               | /a~1b~0c       | enum",
        "{\"lines\":[],\"more\":1}                | ``             | more",
      })
  void whatDoesNotFitIsNamedByAPointer(String payload, String pointer, String word) {
    InvalidPayloadException refusal = refusal(ORDER, payload);

    assertThat(refusal.pointer()).isEqualTo(pointer);
    assertThat(refusal.problem()).containsIgnoringCase(word);
  }

  /** Written out they would have a thousand million digits. */
  @Test
  void numbersThatNoDoubleHoldsAreNotWrittenOut() {
    String odd = "[1e999999999, -1e999999998]";

    PayloadSchema.of("{\"items\": {\"multipleOf\": 0.01}, \"uniqueItems\": true}").check(odd);
    PayloadSchema.of("{\"items\": {\"type\": \"integer\"}}").check(odd);
    assertThat(refusal("{\"items\": {\"enum\": [1]}}", odd).pointer()).isEqualTo("/0");
    assertThat(refusal("{\"items\": {\"maximum\": 5}}", odd).pointer()).isEqualTo("/0");
    assertThat(refusal("{\"items\": {\"minimum\": 5}}", odd).pointer()).isEqualTo("/1");
  }

  @Test
  void aHundredThousandWrongItemsAreOneError() {
    String items = "[" + "1,".repeat(100_000) + "1]";

    assertThat(refusal("{\"items\": {\"type\": \"string\"}}", items).pointer()).isEqualTo("/0");
  }

  @Test
  void aPatternThatWouldTakeForEverIsGivenUp() {
    String schema = "{\"pattern\": \"^(a|aa)+$\"}";

    assertThat(refusal(schema, "\"" + "a".repeat(200) + "!\"").problem()).contains("pattern");
    PayloadSchema.of(schema).check("\"" + "a".repeat(200) + "\"");
  }

  /** Each is quick by itself; a payload of 1 MB may have half a million of them. */
  @Test
  void theTextsOfAPayloadShareTheStepsOfPatterns() {
    PayloadSchema schema = PayloadSchema.of("{\"items\": {\"pattern\": \"^(a|aa)+$\"}}");
    String right = "a".repeat(20);
    String slow = right + "!";

    schema.check("[" + ("\"" + right + "\",").repeat(1_000) + "\"" + right + "\"]");
    String not = "{\"items\": {\"not\": {\"pattern\": \"^(a|aa)+$\"}}}";
    PayloadSchema.of(not).check("[\"" + slow + "\"]");
    assertThat(refusal(not, "[" + ("\"" + slow + "\",").repeat(1_000) + "1]").problem())
        .contains("pattern");
  }

  /** With the validator's own way this takes longer than anybody waits. */
  @Test
  void itemsWithOneHashAreComparedQuickly() {
    PayloadSchema schema = PayloadSchema.of("{\"uniqueItems\": true}");
    String pairs =
        IntStream.range(0, 60_000)
            .mapToObj(i -> "[" + i + "," + -31L * i + "]")
            .collect(Collectors.joining(",", "[", ""));

    assertTimeoutPreemptively(Duration.ofMinutes(2), () -> schema.check(pairs + "]"));
    assertThat(refusal("{\"uniqueItems\": true}", pairs + ",[7,-217]]").problem())
        .contains("unique");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"b\":2}    | {\"b\":2,\"a\":1} | false",
        "{\"a\":{\"b\":[1]}} | {\"a\":{\"b\":[1]}} | false",
        "\"Aa\"              | \"Aa\"             | false",
        "1                     | 1                  | false",
        "\"1\"               | 1                  | true",
        "\"null\"            | null               | true",
        "[1,2]                 | [12]               | true",
        "[\"a\",\"b\"]     | [\"a\\\"1:b\"]  | true",
        "[[],1]                | [[1]]              | true",
        "{\"a\":\"b\"}     | [\"a\",\"b\"]  | true",
        "{}                    | []                 | true"
      })
  void itemsAreUniqueWhenTheyAreNotEqual(String one, String other, boolean unique) {
    PayloadSchema schema = PayloadSchema.of("{\"uniqueItems\": true}");
    String items = "[" + one + "," + other + "]";

    if (unique) {
      schema.check(items);
    } else {
      assertThat(refusal("{\"uniqueItems\": true}", items).problem()).contains("unique");
    }
    PayloadSchema.of("{\"uniqueItems\": false}").check(items);
  }

  @Test
  void namesAndValuesAreToldOnlyAsFarAsTheyAreOfUse() {
    String name = "n".repeat(40_000);
    String none = "{\"additionalProperties\": false}";
    String numbers = "{\"additionalProperties\": {\"items\": {\"type\": \"number\"}}}";

    assertThat(refusal(none, "{\"" + name + "\":1}").problem())
        .contains("nnn")
        .hasSizeLessThan(1_000);
    assertThat(refusal(numbers, "{\"" + name + "\":[\"x\"]}").pointer()).isEmpty();
    assertThat(refusal("{\"items\":" + numbers + "}", "[{\"" + name + "\":[\"x\"]}]").pointer())
        .isEqualTo("/0");
    assertThat(refusal(numbers, "{\"" + "n".repeat(500) + "\":[\"x\"]}").pointer())
        .isEqualTo("/" + "n".repeat(500) + "/0");
  }

  @Test
  void aSchemaThatRefersToItselfForEverRefusesNothing() {
    PayloadSchema endless =
        PayloadSchema.of(
            "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}");

    assertThatCode(() -> endless.check("1")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "\"string\"",
        "{\"type\": \"integr\"}",
        "{\"required\": \"a\"}",
        "{\"properties\": []}",
        "{\"pattern\": \"(\"}",
        "{\"$ref\": \"#/$defs/nowhere\"}",
        "{\"$ref\": \"https://example.com/schema\"}",
        "{\"$ref\": \"file:///etc/passwd\"}",
        "{\"$ref\": \"classpath:draft/2020-12/schema\"}"
      })
  void whatIsNoSchemaIsRefused(String schema) {
    assertThatThrownBy(() -> PayloadSchema.written(schema))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSchemaOfMoreThan64KiBIsRefused() {
    String longest = "{\"title\": \"" + "x".repeat(PayloadSchema.MAX_LENGTH - 13) + "\"}";

    PayloadSchema.written(longest);
    assertThatThrownBy(() -> PayloadSchema.written(longest + " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
  }

  @Test
  void twoSchemasWithTheSameIdDoNotMeet() {
    PayloadSchema number = PayloadSchema.of("{\"$id\": \"urn:x\", \"type\": \"number\"}");
    PayloadSchema text = PayloadSchema.of("{\"$id\": \"urn:x\", \"type\": \"string\"}");

    number.check("1");
    text.check("\"1\"");
  }

  private static InvalidPayloadException refusal(String schema, String payload) {
    return catchThrowableOfType(
        InvalidPayloadException.class, () -> PayloadSchema.of(schema).check(payload));
  }
}
