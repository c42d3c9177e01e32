package io.quikqueue.domain.port;

import io.quikqueue.domain.access.KeyText;
import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A client's word that two requests are the same one.
 *
 * @param key what the client sent, 1 to 200 printable ASCII characters
 * @param fingerprint a hash of the request, 64 lower-case hex characters, as {@link #fingerprint}
 *     makes it; the same key with another fingerprint is refused
 */
public record IdempotencyKey(String key, String fingerprint) {

  /**
   * What a fingerprint begins with: it tells how requests are hashed. To be raised whenever that
   * changes, since keys outlive an upgrade.
   */
  public static final String VERSION = "00000002";

  /** How long a key counts where nothing else is configured. */
  public static final Duration DEFAULT_LIFE = Duration.ofHours(24);

  private static final int DIGITS = 64;

  public IdempotencyKey {
    if (key.isEmpty() || key.length() > 200 || !key.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
      throw new InvalidFieldException(
          "Idempotency-Key", "must be 1 to 200 printable ASCII characters");
    }
    if (fingerprint.length() != DIGITS) {
      throw new IllegalArgumentException("a fingerprint is 64 hex characters");
    }
    HexFormat.of().parseHex(fingerprint);
  }

  /** The fingerprint of a request with this SHA-256, 32 bytes: the version, then 224 bits of it. */
  public static String fingerprint(byte[] sha256) {
    return VERSION + HexFormat.of().formatHex(sha256, 0, (DIGITS - VERSION.length()) / 2);
  }

  /**
   * The key as one of this account alone, so that what others send under the same text is another
   * request.
   */
  public IdempotencyKey ownedBy(String account) {
    return new IdempotencyKey("owned:" + KeyText.hash(account + '\n' + key), fingerprint);
  }

  /**
   * Whether the request under this key is the one that the key was first used for. A fingerprint of
   * another version cannot be compared; then the key alone decides, so that a client that repeats
   * its request after an upgrade is not refused.
   */
  public boolean isSameRequest(String firstFingerprint) {
    return isSameRequest(fingerprint, firstFingerprint);
  }

  /** As {@link #isSameRequest(String)}, of a request with this fingerprint. */
  public static boolean isSameRequest(String fingerprint, String firstFingerprint) {
    return fingerprint.equals(firstFingerprint) || !firstFingerprint.startsWith(VERSION);
  }
}
