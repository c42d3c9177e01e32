package io.quikqueue.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs calls as Standard Webhooks has it, so that a server can check who calls: HMAC-SHA256 over
 * id, time and body, in the headers {@code webhook-id}, {@code webhook-timestamp} and {@code
 * webhook-signature}.
 */
final class CallSigner {

  /** What the names of its headers begin with. */
  static final String PREFIX = "webhook-";

  private static final String ALGORITHM = "HmacSHA256";
  private static final String KEY_PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;
  private static final int MOST_KEYS = 10;
  private static final int MOST_BYTES = 16 * 1024;

  private final SecretKeySpec key;

  private CallSigner(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * Reads a file of 1 to {@value #MOST_KEYS} keys, one a line: {@code whsec_} and 24 to 64 bytes in
   * base64. Blank lines and those that begin with {@code #} are left out. The first key signs; the
   * others are those that servers take too while keys change, and are only checked.
   *
   * @throws IllegalArgumentException saying what is wrong, and in which line, but not what it has
   */
  static CallSigner read(Path file) {
    if (file.toString().contains(KEY_PREFIX)) {
      throw new IllegalArgumentException("it must be a file with keys, and seems to be a key");
    }
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(file + " is too long for a file of keys");
      }
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + " (" + reason(e) + ")", e);
    }
    List<String> lines = text.lines().map(String::strip).toList();
    List<SecretKeySpec> keys =
        IntStream.range(0, lines.size())
            .filter(i -> !lines.get(i).isEmpty() && !lines.get(i).startsWith("#"))
            .mapToObj(i -> key(lines.get(i), "line " + (i + 1) + " of " + file))
            .toList();
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException(
          "%s must have 1 to %d keys, and has %d".formatted(file, MOST_KEYS, keys.size()));
    }
    return new CallSigner(keys.getFirst());
  }

  /** The message of most of these is the name of the file. */
  private static String reason(IOException e) {
    return e.getClass().getSimpleName();
  }

  private static SecretKeySpec key(String line, String where) {
    byte[] bytes = decoded(line);
    if (bytes == null || bytes.length < SHORTEST || bytes.length > LONGEST) {
      throw new IllegalArgumentException(
          "%s must be %s and %d to %d bytes in base64"
              .formatted(where, KEY_PREFIX, SHORTEST, LONGEST));
    }
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  private static byte @Nullable [] decoded(String line) {
    if (!line.startsWith(KEY_PREFIX)) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(line.substring(KEY_PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return null; // its message has a part of the key
    }
  }

  /**
   * The headers that sign a call.
   *
   * @param id the same for all attempts of a job
   * @param now when it is sent; servers refuse what is minutes old
   * @param body what is sent; null = nothing
   */
  Map<String, String> headers(String id, Instant now, @Nullable String body) {
    long seconds = now.getEpochSecond();
    Mac mac = mac();
    mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
    byte[] signature = mac.doFinal((body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
    return Map.of(
        PREFIX + "id",
        id,
        PREFIX + "timestamp",
        Long.toString(seconds),
        PREFIX + "signature",
        "v1," + Base64.getEncoder().encodeToString(signature));
  }

  /** Whether headers hold a signature, or a part of one. */
  static boolean signed(Map<String, String> headers) {
    return headers.keySet().stream().anyMatch(CallSigner::isItsHeader);
  }

  static boolean isItsHeader(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  private Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e); // every JDK has it, and it takes any key
    }
  }
}
