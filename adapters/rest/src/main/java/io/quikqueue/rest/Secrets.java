package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.job.JobSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
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

  /**
   * A payload that somebody made of one that was shown, with the secrets of the job where it still
   * has their masks.
   */
  static String restored(JobSpec before, String edited) {
    if (!before.type().equals(SubmitConfig.HTTP) || !mayHaveHeaders(edited)) {
      return edited;
    }
    Map<String, String> secrets = new HashMap<>();
    try {
      rewritten(
          before.payload(),
          (header, value) -> {
            secrets.put(header, value);
            return value;
          });
      return rewritten(
          edited,
          (header, value) -> value.equals(MASK) ? secrets.getOrDefault(header, value) : value);
    } catch (IOException e) {
      return edited; // its check finds out
    }
  }

  private static String masked(String payload) {
    try {
      return rewritten(payload, (_, _) -> MASK);
    } catch (IOException e) {
      return "null"; // it is no JSON, and what it holds nobody can tell
    }
  }

  /** The payload with other values, JSON texts as they are, of its secret headers. */
  private static String rewritten(String payload, BinaryOperator<String> value) throws IOException {
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
          String name = parser.currentName();
          parser.nextToken();
          int start = (int) parser.currentTokenLocation().getCharOffset();
          parser.skipChildren();
          parser.finishToken();
          if (isSecret(name)) {
            int end = (int) parser.currentLocation().getCharOffset();
            String before = payload.substring(start, end);
            shown.append(payload, copied, start).append(value.apply(name, before));
            copied = end;
          }
        }
      }
    }
    return shown.append(payload, copied, payload.length()).toString();
  }

  private static boolean isSecret(String header) {
    return HEADER.matcher(header).find();
  }
}
