package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells whether two requests under one idempotency key are the same: the SHA-256 of the path and
 * the body, the body without white space and with the fields of every object sorted by name, since
 * many a client writes them in an order that differs from run to run. Numbers count as they are
 * written. The field {@code idempotency_key} of a batch's item is left out, so that an item and a
 * single request can be the same.
 */
final class Fingerprint {

  private Fingerprint() {}

  /** 64 hex characters; {@code json} must be well-formed. */
  static String of(String path, String json) {
    StringBuilder canonical = new StringBuilder(json.length() + path.length() + 1);
    canonical.append(path).append('\n');
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      parser.nextToken();
      canonical.append(canonical(parser, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it was parsed before
    }
    byte[] bytes = canonical.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static String canonical(JsonParser parser, boolean top) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser, top);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> quoted(parser.getText());
      default -> parser.getText();
    };
  }

  private static String object(JsonParser parser, boolean top) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      String value = canonical(parser, false);
      if (!top || !name.equals(Keys.FIELD)) {
        fields.put(name, value);
      }
    }
    StringBuilder text = new StringBuilder("{");
    fields.forEach((name, value) -> text.append(quoted(name)).append(value));
    return text.append('}').toString();
  }

  private static String array(JsonParser parser) throws IOException {
    StringBuilder text = new StringBuilder("[");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      text.append(canonical(parser, false)).append(',');
    }
    return text.append(']').toString();
  }

  /** With its length before it, so that no text can pass for a structure. */
  private static String quoted(String text) {
    return text.length() + "\"" + text;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
