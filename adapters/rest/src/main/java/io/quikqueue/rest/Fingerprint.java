package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.port.IdempotencyKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two requests under one idempotency key are the same, or two jobs of one kind: the
 * SHA-256 of the path and the body, the body without white space and with the fields of every
 * object sorted by name, since many a client writes them in an order that differs from run to run.
 * Numbers count as they are written. The field {@code idempotency_key} of a batch's item is left
 * out, so that an item and a single request can be the same.
 *
 * <p>In the text that is hashed each value says what it is and where it ends, and a long object
 * stands as the hash of its fields: so two bodies never have one text, and the time is linear in
 * the body's length however deep it is.
 */
final class Fingerprint {

  /** What is no longer than a hash costs less to copy than to hash. */
  private static final int LONGEST_INLINE = 64;

  private final JsonParser parser;
  private final MessageDigest sha256 = Sha256.begin();

  /** The text of the values that are being read, up to the innermost. */
  private final StringBuilder text;

  private final boolean numbersByValue;

  private Fingerprint(JsonParser parser, int length, boolean numbersByValue) {
    this.parser = parser;
    this.numbersByValue = numbersByValue;
    this.text = new StringBuilder(length);
  }

  /** A fingerprint as {@link IdempotencyKey} wants it; {@code json} must be well-formed. */
  static String of(String path, String json) {
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      Fingerprint fingerprint = new Fingerprint(parser, path.length() + json.length(), false);
      fingerprint.append('/', path);
      parser.nextToken();
      fingerprint.appendValue(true);
      return IdempotencyKey.fingerprint(fingerprint.hash(fingerprint.text.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it was parsed before
    }
  }

  /**
   * The {@linkplain io.quikqueue.domain.job.Unique slot} of jobs that are of one kind. Numbers
   * count by their values.
   *
   * @param scope where it is unique
   * @param key what the client named; null = type and payload stand for it
   * @param payload well-formed
   */
  static String slot(String scope, @Nullable String key, String type, String payload) {
    try (JsonParser parser = Json.FACTORY.createParser(payload)) {
      Fingerprint fingerprint = new Fingerprint(parser, payload.length(), true);
      fingerprint.append('s', scope);
      if (key != null) {
        fingerprint.append('k', key);
      } else {
        fingerprint.append('t', type);
        parser.nextToken();
        fingerprint.appendValue(false);
      }
      return HexFormat.of().formatHex(fingerprint.hash(fingerprint.text.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it was parsed before
    }
  }

  private void appendValue(boolean top) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> appendObject(top);
      case START_ARRAY -> {
        text.append('[');
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          appendValue(false);
        }
        text.append(']');
      }
      case VALUE_STRING -> append('"', parser.getText());
      default -> {
        String text = parser.getText();
        boolean byValue = numbersByValue && token.isNumeric();
        append(token.isNumeric() ? '#' : '=', byValue ? CanonicalNumber.of(text) : text);
      }
    }
  }

  private void appendObject(boolean top) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    int start = text.length();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      appendValue(false);
      if (!top || !name.equals(IdempotencyKeys.FIELD)) {
        fields.put(name, text.substring(start));
      }
      text.setLength(start);
    }
    fields.forEach(
        (name, value) -> {
          append('"', name);
          text.append(value);
        });
    String all = text.substring(start);
    text.setLength(start);
    if (all.length() <= LONGEST_INLINE) {
      append('{', all);
    } else {
      append('@', HexFormat.of().formatHex(hash(all)));
    }
  }

  /** With its kind and its length before it, so that no text can pass for another. */
  private void append(char kind, String scalar) {
    text.append(kind).append(scalar.length()).append(':').append(scalar);
  }

  private byte[] hash(String value) {
    return sha256.digest(value.getBytes(StandardCharsets.UTF_8));
  }
}
