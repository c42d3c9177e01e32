package io.quikqueue.domain.port;

import io.quikqueue.domain.job.InvalidFieldException;
import java.util.HexFormat;

/**
 * A client's word that two requests are the same one.
 *
 * @param key what the client sent, 1 to 200 printable ASCII characters
 * @param fingerprint a hash of the request, 64 lower-case hex characters (SHA-256); the same key
 *     with another fingerprint is refused
 */
public record IdempotencyKey(String key, String fingerprint) {

  public IdempotencyKey {
    if (key.isEmpty() || key.length() > 200 || !key.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
      throw new InvalidFieldException(
          "Idempotency-Key", "must be 1 to 200 printable ASCII characters");
    }
    if (fingerprint.length() != 64) {
      throw new IllegalArgumentException("a fingerprint is 64 hex characters");
    }
    HexFormat.of().parseHex(fingerprint);
  }
}
