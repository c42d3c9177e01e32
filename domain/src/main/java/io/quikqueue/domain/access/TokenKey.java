package io.quikqueue.domain.access;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public half of a key that signs access tokens with Ed25519.
 *
 * @param id 16 hex digits
 * @param encoded 64 to 200 hex digits of its X.509 form
 * @param expiresAt from when on no token that it signed can count
 */
public record TokenKey(String id, String encoded, Instant createdAt, Instant expiresAt) {

  /** The name of the signature in Java. */
  public static final String ALGORITHM = "Ed25519";

  private static final int RAW_BYTES = 32;

  /** Whether this key made the signature; false also when it is no key. */
  public boolean verifies(byte[] signed, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(publicKey());
      check.update(signed);
      return check.verify(signature);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private PublicKey publicKey() throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(encoded)));
  }

  /** The 32 bytes of the key itself, which end its X.509 form (RFC 8410). */
  public byte[] raw() {
    byte[] all = HexFormat.of().parseHex(encoded);
    return Arrays.copyOfRange(all, all.length - RAW_BYTES, all.length);
  }
}
