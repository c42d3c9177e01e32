package io.quikqueue.domain.access;

import io.quikqueue.domain.hash.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client sends as its key: {@code qq_ID_SECRET}, an id of 16 hex digits, which is no secret,
 * and 32 random bytes in base64url. It is shown once; the store has a hash of the secret alone.
 */
public final class KeyText {

  /** How many random bytes make a key. */
  public static final int BYTES = 40;

  private static final int ID_BYTES = 8;
  private static final Pattern FORM = Pattern.compile("qq_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");

  private final String id;
  private final String secret;

  private KeyText(String id, String secret) {
    this.id = id;
    this.secret = secret;
  }

  /**
   * Makes a key.
   *
   * @param random {@link #BYTES} that nobody can guess
   */
  public static KeyText of(byte[] random) {
    return ofSecret(HexFormat.of().formatHex(random, 0, ID_BYTES), random);
  }

  /** Another secret for a key that there is, of as many bytes as {@link #of}. */
  public static KeyText ofSecret(String id, byte[] random) {
    if (random.length != BYTES) {
      throw new IllegalArgumentException("a key is made of " + BYTES + " bytes");
    }
    byte[] secret = Arrays.copyOfRange(random, ID_BYTES, BYTES);
    return new KeyText(id, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** The key that a text is; empty when it is none. */
  public static Optional<KeyText> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new KeyText(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** Whether a key can have this id. */
  public static boolean isId(String text) {
    return text.length() == 2 * ID_BYTES
        && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }

  public String id() {
    return id;
  }

  /** What the client is to send. */
  public String text() {
    return "qq_" + id + '_' + secret;
  }

  /** The SHA-256 of the secret: it has 256 random bits, so that a slow hash would add nothing. */
  public String hash() {
    return hash(secret);
  }

  /** The SHA-256 of a text in lower-case hex. */
  public static String hash(String text) {
    return Sha256.hex(text);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "qq_" + id + "_…";
  }
}
