package io.quikqueue.rest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code {"payload"}}, which may be absent. */
final class SignalBody {

  private @Nullable String payload;

  private SignalBody() {}

  /** The payload as JSON text. */
  static String of(String json) {
    SignalBody body = new SignalBody();
    JsonReader.read(json, Source.START, body::document);
    return body.payload == null ? "null" : body.payload;
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          if (name.equals("payload")) {
            payload = json.raw();
          } else {
            json.unknown(name);
          }
        });
  }
}
