package io.quikqueue.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quikqueue.domain.job.Surrogates;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered.
 *
 * @param contentType as the server spelt it; null = not said
 * @param text the body by the charset of the content type (UTF-8 when not said), bytes that fit no
 *     character replaced; empty when there was none
 * @param cut whether the body was longer than what is kept of it
 */
record HttpAnswer(int status, @Nullable String contentType, String text, boolean cut) {

  static HttpAnswer of(int status, @Nullable String contentType, byte[] body, boolean cut) {
    return new HttpAnswer(status, contentType, new String(body, charset(contentType)), cut);
  }

  private static Charset charset(@Nullable String contentType) {
    ContentType parsed = contentType == null ? null : ContentType.parseLenient(contentType);
    Charset charset = parsed == null ? null : parsed.getCharset();
    return charset == null ? StandardCharsets.UTF_8 : charset;
  }

  /**
   * The job's result: {@code {"status", "headers"?: {"content-type"}, "body"}}; body is null when
   * empty.
   */
  String json() {
    ObjectNode result = Json.object().put("status", status);
    if (contentType != null) {
      result.putObject("headers").put("content-type", contentType);
    }
    result.set("body", body());
    return Json.write(result);
  }

  private JsonNode body() {
    if (text.isEmpty()) {
      return NullNode.getInstance();
    }
    if (saysJson()) {
      try {
        JsonNode json = Json.read(text);
        boolean kept = !text.contains("\\u") || Surrogates.paired(Json.write(json));
        return kept ? json : TextNode.valueOf(text); // its escapes name what no store can hold
      } catch (JsonProcessingException e) {
        return TextNode.valueOf(text); // it says JSON and is not; the text still tells what came
      }
    }
    return TextNode.valueOf(text);
  }

  private boolean saysJson() {
    ContentType parsed = contentType == null ? null : ContentType.parseLenient(contentType);
    String mime = parsed == null ? "" : parsed.getMimeType().toLowerCase(Locale.ROOT);
    return mime.equals("application/json") || mime.endsWith("+json");
  }
}
