package io.quikqueue.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes JSON that the schemas of an OpenAPI document allow, with values that they do not allow, or
 * that are no JSON, strewn in.
 */
final class JsonFuzzer {

  private static final int LARGE = 300_000; // more than a body may have, at four bytes each
  private static final int MAX_OPEN = 4;

  /** What the document says in words only, by the name of the field or parameter. */
  private static final Map<String, List<String>> MEANT =
      Map.ofEntries(
          Map.entry("type", List.of("echo", "echo", "add")),
          Map.entry("queue", List.of("fuzz-a", "fuzz-b", "default")),
          Map.entry("delay", List.of("0s", "1h", "PT36H", "3660d")),
          Map.entry("timeout", List.of("1s", "6h", "PT1M")),
          Map.entry("backoff", List.of("0s", "500ms", "366d")),
          Map.entry("backoff_cap", List.of("366d", "PT8784H")),
          Map.entry("max_elapsed", List.of("0ms", "2d")),
          Map.entry("wait", List.of("0s", "100ms", "PT0.2S")),
          Map.entry("label", List.of("fuzz:a", "a.b-c_D:", "fuzz:\uD83C\uDF89")),
          Map.entry(
              "traceparent", List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
          Map.entry("per", List.of("1ms", "10s", "24h")));

  private static final List<String> TIMES =
      List.of(
          "2030-01-31T09:30:00Z",
          "1970-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999Z",
          "2031-02-28T23:59:59.123456789+14:00");

  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "10",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "1e400",
          "1E-400",
          "1e2147483648",
          "-0",
          "-0.0",
          "0.5",
          "9".repeat(999),
          "9".repeat(1001));

  /** The insides of JSON strings. */
  private static final List<String> GOOD_STRINGS =
      List.of(
          "a",
          " ",
          "\u00E9",
          "e\u0301",
          "\u6F22\u5B57",
          "\uD83C\uDF89",
          "\uDBFF\uDFFF",
          "\\ud83d\\ude00",
          "\\u0000",
          "\\u001f",
          "\\\"",
          "\\\\ud800",
          "\\/",
          "\u2028",
          "\u202Eabc",
          "\uFFFE\uFFFF",
          "\uFFFD",
          "\u0085",
          "%s%n%00",
          "${env:HOME}",
          "'; DROP TABLE jobs; --",
          "../../etc/passwd",
          "<script>");

  private static final List<String> BAD_STRINGS =
      List.of(
          "\\ud800",
          "\\uDC00\\uD800",
          "\\ud83d",
          "a\\ud83dz",
          "\uD800", // which becomes bytes that are not UTF-8
          "\u0000",
          "\n",
          "\\x",
          "\\u12",
          "\\");

  private static final List<String> NO_JSON =
      List.of(
          "",
          "NaN",
          "-Infinity",
          "01",
          "+1",
          ".5",
          "1.",
          "tru",
          "'a'",
          "a",
          "/**/1",
          "1 2",
          "}",
          "]",
          "[1,]",
          "{,}",
          "{\"a\"}",
          "{\"a\":}",
          "{a:1}",
          "\"",
          "\uFEFF1",
          "\u00A01");

  private final JsonNode openApi;
  private final Random random;
  private final int odds;
  private final boolean wellFormed;

  /**
   * Half of them keep to JSON, so that what reads it is not all that is met.
   *
   * @param odds one value in about so many is not what its schema asks for; 0 = all are
   */
  JsonFuzzer(JsonNode openApi, Random random, int odds) {
    this.openApi = openApi;
    this.random = random;
    this.odds = odds;
    this.wellFormed = random.nextBoolean();
  }

  /** JSON text, or nearly. */
  String json(String name, JsonNode schema) {
    return json(name, schema, 0);
  }

  /** The text of a parameter, before any encoding. */
  String text(String name, JsonNode schema) {
    JsonNode resolved = resolve(schema);
    if (isOdd()) {
      return odd(resolved);
    }
    String json =
        allowed(
            name, resolved.path("items").isMissingNode() ? resolved : resolved.path("items"), 0);
    return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
  }

  JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : openApi.at(reference.substring(1));
  }

  private String json(String name, JsonNode schema, int open) {
    JsonNode resolved = resolve(schema);
    return space() + (isOdd() ? odd(resolved) : allowed(name, resolved, open)) + space();
  }

  private boolean isOdd() {
    return odds > 0 && random.nextInt(odds) == 0;
  }

  private String allowed(String name, JsonNode schema, int open) {
    if (schema.has("const")) {
      return schema.get("const").toString();
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size())).toString();
    }
    return switch (type(schema)) {
      case "null" -> "null";
      case "boolean" -> Boolean.toString(random.nextBoolean());
      case "integer" -> integer(schema);
      case "string" -> string(name, schema);
      case "array" -> array(name, schema, open);
      case "object" -> object(schema, open);
      default -> anything(open);
    };
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray() ? type.get(random.nextInt(4) == 0 ? 1 : 0).asText() : type.asText();
  }

  private String integer(JsonNode schema) {
    int least = schema.path("minimum").asInt(0);
    int most = schema.path("maximum").asInt(Integer.MAX_VALUE);
    return switch (random.nextInt(3)) {
      case 0 -> Integer.toString(least);
      case 1 -> Integer.toString(most);
      default -> Integer.toString(random.nextInt(least, most));
    };
  }

  private String string(String name, JsonNode schema) {
    if (schema.path("format").asText().equals("date-time")) {
      return quoted(pick(TIMES));
    }
    if (MEANT.containsKey(name)) {
      return quoted(pick(MEANT.get(name)));
    }
    if (schema.has("maxLength")) {
      int most = schema.get("maxLength").intValue();
      int length = random.nextInt(4) == 0 ? most : 1 + random.nextInt(most);
      return quoted("k".repeat(length));
    }
    return quoted("text" + goodString());
  }

  private String array(String name, JsonNode schema, int open) {
    List<String> items = new ArrayList<>();
    for (int left = random.nextInt(5); left > 0; left--) {
      items.add(json(name, schema.path("items"), open + 1));
    }
    return "[" + String.join(",", items) + "]";
  }

  private String object(JsonNode schema, int open) {
    List<String> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      boolean required =
          schema.path("required").toString().contains("\"" + property.getKey() + "\"");
      if (required ? !isOdd() : random.nextInt(4) == 0) {
        fields.add(
            field(property.getKey(), json(property.getKey(), property.getValue(), open + 1)));
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      for (String name : List.of("fuzz", "a.b-c_D").subList(0, random.nextInt(3))) {
        fields.add(field(name, json(name, schema.get("additionalProperties"), open + 1)));
      }
    }
    if (isOdd()) {
      fields.add(
          field(
              wellFormed || random.nextBoolean() ? "extra" : goodString() + pick(BAD_STRINGS),
              "1"));
    }
    if (!wellFormed && isOdd() && !fields.isEmpty()) {
      fields.add(pick(fields));
    }
    Collections.shuffle(fields, random);
    return "{" + String.join(",", fields) + "}";
  }

  /** Any JSON. */
  private String anything(int open) {
    return switch (random.nextInt(open >= MAX_OPEN ? 5 : 7)) {
      case 0 -> "null";
      case 1 -> Boolean.toString(random.nextBoolean());
      case 2 -> pick(NUMBERS);
      case 3 -> Double.toString(random.nextGaussian());
      case 4 -> quoted(goodString());
      case 5 -> {
        List<String> items = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
          items.add(space() + anything(open + 1));
        }
        yield "[" + String.join(",", items) + "]";
      }
      default -> {
        List<String> fields = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
          fields.add(field(goodString() + left, anything(open + 1)));
        }
        yield "{" + String.join(",", fields) + "}";
      }
    };
  }

  private String odd(JsonNode schema) {
    return switch (random.nextInt(wellFormed ? 6 : 9)) {
      case 0 -> "null";
      case 1 -> anything(MAX_OPEN - 2);
      case 2 -> pick(NUMBERS);
      case 3 -> Long.toString(schema.path("maximum").asLong(Integer.MAX_VALUE) + 1);
      case 4 -> quoted("k".repeat(schema.path("maxLength").asInt(64) + 1));
      case 5 -> quoted(random.nextInt(16) == 0 ? "\uD83C\uDF89".repeat(LARGE) : "");
      case 6 -> quoted(goodString() + pick(BAD_STRINGS) + goodString());
      case 7 -> deep();
      default -> pick(NO_JSON);
    };
  }

  private String deep() {
    int depth = pick(List.of(150, 199, 200, 201, 1_000, 20_000));
    boolean closed = random.nextInt(4) > 0;
    return random.nextBoolean()
        ? "[".repeat(depth) + (closed ? "]".repeat(depth) : "")
        : "{\"a\":".repeat(depth) + "1" + (closed ? "}".repeat(depth) : "");
  }

  private String goodString() {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(4); left > 0; left--) {
      text.append(pick(GOOD_STRINGS));
    }
    return text.toString();
  }

  private String field(String name, String json) {
    return quoted(name) + space() + ":" + json;
  }

  private static String quoted(String inside) {
    return '"' + inside + '"';
  }

  private String space() {
    return random.nextInt(10) == 0 ? " \t\r\n ".substring(random.nextInt(5)) : "";
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
