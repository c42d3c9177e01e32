package io.quikqueue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/** Texts of the service as a terminal may show them: jobs hold what anybody submitted. */
final class Text {

  private Text() {}

  /** Without characters that a terminal would obey, or that change the direction of others. */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isObeyed(c)) {
                safe.append("\\u%04x".formatted(c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  /** A document of many lines likewise. In JSON an escape is the same text to who reads it. */
  static String escaped(String document) {
    return document.lines().map(Text::safe).collect(Collectors.joining("\n"));
  }

  private static boolean isObeyed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** A value in one line: a time in seconds, a list with commas, an object as JSON. */
  static String of(JsonNode value) {
    if (value.isMissingNode() || value.isNull() || (value.isObject() && value.isEmpty())) {
      return "";
    }
    if (value.isTextual()) {
      return safe(time(value.textValue()));
    }
    if (value.isArray()) {
      StringBuilder all = new StringBuilder();
      value.forEach(each -> all.append(all.isEmpty() ? "" : ", ").append(of(each)));
      return all.toString();
    }
    return safe(value.toString());
  }

  private static String time(String text) {
    if (text.length() < 20 || text.charAt(10) != 'T' || !text.endsWith("Z")) {
      return text;
    }
    try {
      return Instant.parse(text).truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (DateTimeParseException e) {
      return text; // looks like a time and is none
    }
  }
}
