package io.quikqueue.rest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"text": "…"}}; used once. */
final class TextReader {

  private @Nullable String text;

  private TextReader() {}

  /**
   * The text as the JSON string that it stands as, with its quotes.
   *
   * @throws ProblemException when the body is anything else, or the text is blank
   */
  static String read(String json) {
    TextReader reader = new TextReader();
    JsonReader.read(json, Source.START, reader::document);
    if (reader.text == null) {
      throw new IllegalStateException("the reader let a missing text pass");
    }
    return reader.text;
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          if (name.equals("text")) {
            String value = json.string(name);
            if (value != null && value.isBlank()) {
              json.error(Problems.invalidValue(name, "must not be blank"));
            } else if (value != null) {
              text = json.raw();
            }
          } else {
            json.unknown(name);
          }
        });
    if (text == null) {
      json.missing("text");
    }
  }
}
