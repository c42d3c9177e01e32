package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.Surrogates;
import io.quikqueue.rest.Problem.FieldError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Walks one JSON document, an object, and gathers what is wrong with its fields. Each reading
 * method consumes the value of the field it is called for; null means the field is absent, JSON
 * null, or wrong, which then is among the errors.
 */
final class JsonReader {

  private static final int MAX_ERRORS = 20;
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private final JsonParser parser;
  private final String text;
  private final Source source;
  private final boolean surrogates;
  private final List<FieldError> errors = new ArrayList<>(0);

  /** Consumes the value of a field. */
  @FunctionalInterface
  interface FieldConsumer {
    void read(String name) throws IOException;
  }

  private JsonReader(JsonParser parser, String text, Source source) {
    this.parser = parser;
    this.text = text;
    this.source = source;
    this.surrogates = text.contains("\\u") && text.toLowerCase(Locale.ROOT).contains("\\ud");
  }

  /** Reads the document; {@code body} is called with the reader once, at the document's start. */
  static void read(String text, Source source, Body body) {
    try (JsonParser parser = Json.FACTORY.createParser(text)) {
      JsonReader reader = new JsonReader(parser, text, source);
      if (reader.next() == null) {
        throw new ProblemException(Problems.malformed("the body is empty"));
      }
      body.read(reader);
      if (reader.next() != null) {
        throw reader.malformed("there is more after the document", parser.currentTokenLocation());
      }
      reader.throwErrors();
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          Problems.malformed(JsonErrors.plain(e) + ", " + source.where(e.getLocation())));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in memory
    }
  }

  /** Consumes a document. */
  @FunctionalInterface
  interface Body {
    void read(JsonReader reader) throws IOException;
  }

  void error(FieldError error) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(error);
    }
  }

  void throwErrors() {
    if (!errors.isEmpty()) {
      throw new ProblemException(Problem.ofFields(errors));
    }
  }

  /** An object; {@code path} is put before the names of its fields in errors. */
  void object(String path, FieldConsumer fields) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      wrongType(path.isEmpty() ? "body" : path, "an object");
      return;
    }
    while (next() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      next();
      fields.read(name);
    }
  }

  void objectOrNull(String path, FieldConsumer fields) throws IOException {
    if (!isNull()) {
      object(path, fields);
    }
  }

  /** Tells of a required field that is absent, unless it is there and wrong. */
  void missing(String field) {
    if (errors.stream()
        .noneMatch(error -> error.field().equals(field) || error.field().equals("body"))) {
      error(Problems.missingField(field));
    }
  }

  void unknown(String field) throws IOException {
    error(Problems.unknownField(field));
    skip();
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  @Nullable String string(String field) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    wrongTypeUnlessNull(field, "a string");
    return null;
  }

  @Nullable Integer integer(String field) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      try {
        return Integer.valueOf(parser.getText());
      } catch (NumberFormatException e) {
        error(Problems.invalidValue(field, "is out of range"));
        return null;
      }
    }
    wrongTypeUnlessNull(field, "a whole number");
    return null;
  }

  @Nullable Double number(String field) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return Double.valueOf(parser.getText());
    }
    wrongTypeUnlessNull(field, "a number");
    return null;
  }

  /** Those of a list that are durations; no more than a few over {@code most} are kept. */
  @Nullable List<Duration> durations(String field, int most) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      wrongTypeUnlessNull(field, "a list of durations");
      return null;
    }
    List<Duration> durations = new ArrayList<>();
    for (int i = 0; next() != JsonToken.END_ARRAY; i++) {
      String item = field + "." + i;
      if (isNull()) {
        wrongType(item, "a duration");
      }
      Duration duration = duration(item);
      if (duration != null && durations.size() <= most) {
        durations.add(duration);
      }
    }
    return durations;
  }

  @Nullable Duration duration(String field) throws IOException {
    String expected = "a duration such as \"500ms\", \"20s\", \"5m\", \"1h\", \"2d\" or \"PT20S\"";
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      wrongTypeUnlessNull(field, expected);
      return null;
    }
    Duration duration = Durations.parse(parser.getText());
    if (duration == null) {
      error(Problems.invalidValue(field, "must be " + expected));
    }
    return duration;
  }

  /** A duration from zero to the longest. */
  @Nullable Duration duration(String field, Duration longest) throws IOException {
    Duration duration = duration(field);
    if (duration != null && (duration.isNegative() || duration.compareTo(longest) > 0)) {
      error(Problems.invalidValue(field, "must be from 0 to \"" + Durations.text(longest) + "\""));
      return null;
    }
    return duration;
  }

  boolean isString() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  boolean isNumber() {
    return parser.currentToken().isNumeric();
  }

  boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** The items of a list, by names such as {@code cron.0}; null is a list without any. */
  void items(String field, int most, String expected, FieldConsumer each) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      wrongTypeUnlessNull(field, expected);
      return;
    }
    int items = 0;
    while (next() != JsonToken.END_ARRAY) {
      if (items < most && !isNull()) {
        each.read(field + "." + items);
      } else {
        if (isNull()) {
          error(Problems.wrongType(field + "." + items, expected));
        }
        skip();
      }
      items++;
    }
    if (items > most) {
      error(Problems.invalidValue(field, "must be at most " + most));
    }
  }

  @Nullable Boolean bool(String field) throws IOException {
    if (parser.currentToken().isBoolean()) {
      return parser.currentToken() == JsonToken.VALUE_TRUE;
    }
    wrongTypeUnlessNull(field, "true or false");
    return null;
  }

  /** An array of strings. */
  @Nullable List<String> strings(String field, int most) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      wrongTypeUnlessNull(field, "an array of strings");
      return null;
    }
    List<String> strings = new ArrayList<>();
    boolean wrong = false;
    int items = 0;
    while (next() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_STRING && items < most) {
        strings.add(parser.getText());
      } else {
        wrong |= parser.currentToken() != JsonToken.VALUE_STRING;
        skip();
      }
      items++;
    }
    if (wrong) {
      error(Problems.wrongType(field, "an array of strings"));
    } else if (items > most) {
      error(Problems.invalidValue(field, "must be at most " + most + " strings"));
    }
    return wrong || items > most ? null : strings;
  }

  @Nullable Instant instant(String field) throws IOException {
    String expected = "a time with an offset such as \"2030-01-31T09:30:00Z\"";
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      wrongTypeUnlessNull(field, expected);
      return null;
    }
    try {
      Instant instant = OffsetDateTime.parse(parser.getText()).toInstant();
      if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
        return instant;
      }
      error(Problems.invalidValue(field, "must be from 1970 to 9999"));
    } catch (DateTimeParseException e) {
      error(Problems.invalidValue(field, "must be " + expected));
    }
    return null;
  }

  /** The value as it stands in the text. */
  String raw() throws IOException {
    if (parser.currentToken().isStructStart()) {
      int start = (int) parser.currentTokenLocation().getCharOffset();
      skip();
      return text.substring(start, (int) parser.currentLocation().getCharOffset());
    }
    return Json.slice(parser, text);
  }

  void skip() throws IOException {
    if (!parser.currentToken().isStructStart()) {
      return;
    }
    int depth = 1;
    while (depth > 0) {
      JsonToken token = next();
      if (token == null) {
        return; // the parser throws before it says so
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
  }

  private void wrongTypeUnlessNull(String field, String expected) throws IOException {
    if (!isNull()) {
      wrongType(field, expected);
    }
  }

  void wrongType(String field, String expected) throws IOException {
    error(Problems.wrongType(field, expected));
    skip();
  }

  private @Nullable JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (surrogates
        && (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
        && !Surrogates.paired(parser.getText())) {
      throw malformed("half of a surrogate pair stands alone", parser.currentTokenLocation());
    }
    return token;
  }

  private ProblemException malformed(String what, JsonLocation at) {
    return new ProblemException(Problems.malformed(what + ", " + source.where(at)));
  }
}
