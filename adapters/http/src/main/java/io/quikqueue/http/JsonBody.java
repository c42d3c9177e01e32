package io.quikqueue.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.quikqueue.domain.job.Surrogates;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A body that says it is JSON, read as a stream: a tree of a hostile one would take fifty times its
 * size.
 *
 * @param json without blanks, numbers as they were written; null = it cannot be kept as JSON
 * @param problem why not; null when it can
 */
record JsonBody(@Nullable String json, @Nullable String problem) {

  /** What is nested deeper would break the readers of the result. */
  private static final int MAX_DEPTH = 500;

  private static final String HALVES = "is JSON with half a surrogate pair";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  static JsonBody of(String text) {
    StringWriter out = new StringWriter(text.length());
    try (JsonParser parser = FACTORY.createParser(text);
        JsonGenerator generator = FACTORY.createGenerator(out)) {
      if (parser.nextToken() == null) {
        return new JsonBody(null, "is no JSON");
      }
      boolean halves = copy(parser, generator, text.contains("\\u"));
      if (parser.nextToken() != null) {
        return new JsonBody(null, "is no JSON");
      }
      generator.flush();
      return halves ? new JsonBody(null, HALVES) : new JsonBody(out.toString(), null);
    } catch (JsonProcessingException e) {
      return new JsonBody(null, problem(String.valueOf(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in memory
    }
  }

  private static String problem(String message) {
    if (message.startsWith("Duplicate field")) {
      return "is JSON with equal names in one object";
    }
    return message.contains("surrogate in field name") ? HALVES : "is no JSON";
  }

  /** Copies one value; tells whether a text in it has half a surrogate pair. */
  private static boolean copy(JsonParser parser, JsonGenerator generator, boolean escapes)
      throws IOException {
    boolean halves = false;
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      if (token.isNumeric()) {
        generator.writeNumber(parser.getText());
      } else {
        boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
        halves |= escapes && text && !Surrogates.paired(parser.getText());
        generator.copyCurrentEvent(parser);
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    } while (depth > 0 && parser.nextToken() != null);
    return halves;
  }
}
