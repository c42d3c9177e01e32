package io.quikqueue.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads how many slots a worker is to have: {@code {"slots": 8}}, null = as configured. */
final class SlotsReader {

  private @Nullable Integer slots;
  private boolean given;

  private SlotsReader() {}

  static @Nullable Integer read(
      HttpServletRequest request, InputStream body, RequestBodies bodies) {
    return bodies.read(
        body,
        request,
        json -> {
          SlotsReader reader = new SlotsReader();
          JsonReader.read(json, Source.START, reader::document);
          return reader.slots;
        });
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          if (name.equals("slots")) {
            given = true;
            slots = json.integer(name);
          } else {
            json.unknown(name);
          }
        });
    if (!given) {
      json.missing("slots");
    }
  }
}
