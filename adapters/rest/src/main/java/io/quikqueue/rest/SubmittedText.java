package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.job.JobSpec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The text in the payload of a job of {@code POST /submit}: where it is put, and found again. */
final class SubmittedText {

  private static final String FIELD = "text";

  private SubmittedText() {}

  /**
   * The payload of a job of the configured type.
   *
   * @param text a JSON string, quoted
   */
  static String payload(SubmitConfig config, String text) {
    String body = "{\"" + FIELD + "\":" + text + "}";
    if (!config.getType().equals(SubmitConfig.HTTP)) {
      return body;
    }
    return "{\"method\":\"POST\",\"url\":"
        + Json.quoted(config.getEndpoint())
        + ",\"headers\":{\"content-type\":\"application/json\"},\"body\":"
        + body
        + "}";
  }

  /**
   * The text as a JSON string, quoted; null when the payload is none that {@link #payload} makes.
   */
  static @Nullable String of(JobSpec spec) {
    String payload = spec.payload();
    try (JsonParser parser = Json.FACTORY.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      if (spec.type().equals(SubmitConfig.HTTP) && !toBody(parser)) {
        return null;
      }
      return onlyText(parser, payload);
    } catch (IOException e) {
      return null; // it is no JSON, then it is none of ours
    }
  }

  private static boolean toBody(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("body")) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static @Nullable String onlyText(JsonParser parser, String payload) throws IOException {
    if (parser.nextToken() != JsonToken.FIELD_NAME
        || !parser.currentName().equals(FIELD)
        || parser.nextToken() != JsonToken.VALUE_STRING) {
      return null;
    }
    String text = Json.slice(parser, payload);
    return parser.nextToken() == JsonToken.END_OBJECT ? text : null;
  }
}
