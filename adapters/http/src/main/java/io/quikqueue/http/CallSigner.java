package io.quikqueue.http;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  private final List<SecretKeySpec> keys;

  private CallSigner(List<SecretKeySpec> keys) {
    this.keys = keys;
  }

  /**
   * Reads a file of 1 to {@value #MOST_KEYS} keys, one a line: {@code whsec_}, which may be left
   * out, and 24 to 64 bytes in base64. Blank lines and those that begin with {@code #} are left
   * out. Each key signs, so that while keys change a server may have any of them.
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
      throw new IllegalArgumentException("cannot read " + file + reason(e), e);
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
    return new CallSigner(keys);
  }

  /** The message of most of these is the name of the file. */
  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? ": there is no such file"
        : " (" + e.getClass().getSimpleName() + ")";
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
    String key = line.startsWith(KEY_PREFIX) ? line.substring(KEY_PREFIX.length()) : line;
    try {
      return Base64.getDecoder().decode(key);
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
    byte[] before = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
    byte[] sent = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
    return Map.of(
        PREFIX + "id",
        id,
        PREFIX + "timestamp",
        Long.toString(seconds),
        PREFIX + "signature",
        keys.stream().map(key -> signature(key, before, sent)).collect(joining(" ")));
  }

  private static String signature(SecretKeySpec key, byte[] before, byte[] sent) {
    Mac mac = mac(key);
    mac.update(before);
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(sent));
  }

  /** The headers of a call without its signature. */
  static Map<String, String> unsigned(String id, Instant now) {
    return Map.of(PREFIX + "id", id, PREFIX + "timestamp", Long.toString(now.getEpochSecond()));
  }

  /** Whether headers hold a signature, or a part of one. */
  static boolean signed(Map<String, String> headers) {
    return headers.keySet().stream().anyMatch(CallSigner::isItsHeader);
  }

  static boolean isItsHeader(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e); // every JDK has it, and it takes any key
    }
  }
}
