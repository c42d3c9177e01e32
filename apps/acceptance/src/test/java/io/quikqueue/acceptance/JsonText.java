package io.quikqueue.acceptance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON in a form in which the same values are the same text: without white space, the fields of
 * objects sorted, strings without escapes, numbers as they are written.
 */
final class JsonText {

  private static final JsonFactory UNBOUNDED =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  /**
   * The fields of an object; none when it is something else.
   *
   * @throws IOException when it is not JSON
   */
  static Map<String, String> fields(String json) throws IOException {
    try (JsonParser parser = UNBOUNDED.createParser(json)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? fields(parser) : Map.of();
    }
  }

  /** The fields of the objects in an array; of something else none. */
  static List<Map<String, String>> objects(String json) throws IOException {
    List<Map<String, String>> objects = new ArrayList<>();
    try (JsonParser parser = UNBOUNDED.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          objects.add(fields(parser));
        } else {
          value(parser);
          objects.add(Map.of());
        }
      }
    }
    return objects;
  }

  /** Any JSON. */
  static String of(String json) throws IOException {
    try (JsonParser parser = UNBOUNDED.createParser(json)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Map<String, String> fields(JsonParser parser) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return fields;
  }

  private static String value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(parser).toString();
      case START_ARRAY -> {
        List<String> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield items.toString();
      }
      case VALUE_STRING -> '"' + parser.getText() + '"';
      default -> parser.getText();
    };
  }
}
