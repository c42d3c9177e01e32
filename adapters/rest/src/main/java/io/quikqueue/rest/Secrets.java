package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.job.JobSpec;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Masks what would let a reader of a job act as the one who submitted it: the values of the headers
 * of an {@code http} job that carry credentials. The worker gets them as they are.
 */
final class Secrets {

  /** Beside the names of the standard, parts of those that services have for their own. */
  private static final Pattern HEADER =
      Pattern.compile(
          "authoriz|authent|-auth|cookie|token|secret|passw|credential|signature"
              + "|(api|access|subscription|functions?)-?key",
          Pattern.CASE_INSENSITIVE);

  private static final String MASK = "\"***\"";

  private Secrets() {}

  /** The job's payload, a JSON text, to be shown. */
  static String masked(JobSpec spec) {
    String payload = spec.payload();
    return spec.type().equals(SubmitConfig.HTTP) && mayHaveHeaders(payload)
        ? masked(payload)
        : payload;
  }

  /** Without parsing: a name may also be written with escapes. */
  private static boolean mayHaveHeaders(String payload) {
    return payload.contains("\"headers\"") || payload.indexOf('\\') >= 0;
  }

  private static String masked(String payload) {
    StringBuilder shown = new StringBuilder(payload.length());
    int copied = 0;
    try (JsonParser parser = Json.FACTORY.createParser(payload)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return payload;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean headers = parser.currentName().equals("headers");
        if (parser.nextToken() != JsonToken.START_OBJECT || !headers) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean secret = isSecret(parser.currentName());
          parser.nextToken();
          int start = (int) parser.currentTokenLocation().getCharOffset();
          parser.skipChildren();
          parser.finishToken();
          if (secret) {
            shown.append(payload, copied, start).append(MASK);
            copied = (int) parser.currentLocation().getCharOffset();
          }
        }
      }
    } catch (IOException e) {
      return "null"; // it is no JSON, and what it holds nobody can tell
    }
    return shown.append(payload, copied, payload.length()).toString();
  }

  private static boolean isSecret(String header) {
    return HEADER.matcher(header).find();
  }
}
