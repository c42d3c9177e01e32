package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies that hold a note for people or nothing: {@code {"note": "…"}}, or no body at all.
 */
final class Notes {

  private @Nullable String note;

  private Notes() {}

  /** The note; null = there is none. */
  static @Nullable String read(HttpServletRequest request, InputStream body, RequestBodies bodies) {
    if (!RequestLimits.hasBody(request)) {
      return null;
    }
    return bodies.read(
        body,
        request,
        json -> {
          Notes notes = new Notes();
          JsonReader.read(json, Source.START, notes::document);
          return notes.note;
        });
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          if (name.equals("note")) {
            note = json.string(name);
          } else {
            json.unknown(name);
          }
        });
  }
}
