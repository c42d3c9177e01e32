package io.quikqueue.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the parts of the client call the server. */
@FunctionalInterface
interface Calls {

  /**
   * A request.
   *
   * @param content what becomes the JSON of the body; null = no body
   * @param key the Idempotency-Key; null = none
   * @param patience how long the answer may take beyond the usual time
   * @param repeatable whether to send it again when the server is away
   */
  record Call(
      String method,
      String path,
      @Nullable Object content,
      @Nullable String key,
      Duration patience,
      boolean repeatable) {}

  /** Sends a request, and returns what came back. */
  JsonNode send(Call call);

  /** Sends a request without a key, which is answered soon. */
  default JsonNode send(
      String method, String path, @Nullable Map<String, Object> fields, boolean repeatable) {
    return send(new Call(method, path, fields, null, Duration.ZERO, repeatable));
  }

  /** Gets, and again when the server is away. */
  default JsonNode get(String path) {
    return get(path, Duration.ZERO);
  }

  /** Likewise, where the answer may take so much longer than others. */
  default JsonNode get(String path, Duration patience) {
    return send(new Call("GET", path, null, null, patience, true));
  }

  /** A name as it stands in a path. */
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
