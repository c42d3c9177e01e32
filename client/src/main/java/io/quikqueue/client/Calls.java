package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the parts of the client call the server. */
@FunctionalInterface
interface Calls {

  /**
   * Sends a request.
   *
   * @param fields null = no body
   * @param repeatable whether to send it again when the server is away
   */
  JsonNode send(
      String method, String path, @Nullable Map<String, Object> fields, boolean repeatable);

  /** Gets, and again when the server is away. */
  default JsonNode get(String path) {
    return send("GET", path, null, true);
  }

  /** A name as it stands in a path. */
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
