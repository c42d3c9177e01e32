package io.quikqueue.domain.usecase.redact;

import io.quikqueue.domain.json.JsonCursor;
import io.quikqueue.domain.usecase.redact.SecretSpans.Span;
import java.util.List;

/** Puts the mask into JSON texts, which stay JSON. */
final class JsonMask {

  static final String MASK = '"' + Redaction.MASK + '"';

  private JsonMask() {}

  /** The text with the mask in the place of these values. */
  static String spans(String json, List<Span> spans) {
    if (spans.isEmpty()) {
      return json;
    }
    StringBuilder out = new StringBuilder(json.length());
    int copied = 0;
    for (Span span : spans) {
      out.append(json, copied, span.start()).append(MASK);
      copied = span.end();
    }
    return out.append(json, copied, json.length()).toString();
  }

  /**
   * The text with the mask wherever a string, a name or a number has one of the values.
   *
   * @throws IllegalArgumentException when it is not JSON
   */
  static String values(String json, SecretValues values) {
    if (values.isEmpty()) {
      return json;
    }
    StringBuilder out = new StringBuilder(json.length());
    JsonCursor cursor = new JsonCursor(json);
    int copied = 0;
    while (cursor.position() < json.length()) {
      char first = cursor.peek();
      if ("{}[],:".indexOf(first) >= 0) {
        cursor.require(first);
        continue;
      }
      int start = cursor.position();
      String plain = first == '"' ? cursor.string() : cursor.word();
      String masked = values.mask(plain);
      if (masked != null && !masked.equals(plain)) {
        out.append(json, copied, start).append('"').append(escaped(masked)).append('"');
        copied = cursor.at();
      }
    }
    return out.append(json, copied, json.length()).toString();
  }

  /** As it stands in a JSON string. */
  static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        int known = "\b\f\n\r\t".indexOf(c);
        if (known >= 0) {
          out.append('\\').append("bfnrt".charAt(known));
        } else {
          out.append("\\u%04x".formatted((int) c));
        }
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
