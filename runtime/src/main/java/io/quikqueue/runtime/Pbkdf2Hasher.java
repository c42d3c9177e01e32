package io.quikqueue.runtime;

import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.port.PasswordHasher;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes passwords with PBKDF2 and HMAC-SHA-256, which every Java has. A hash is {@code
 * $pbkdf2-sha256$i=ROUNDS$SALT$HASH}, salt and hash in base64 without padding.
 */
final class Pbkdf2Hasher implements PasswordHasher {

  /** What OWASP's Password Storage Cheat Sheet asks for (2023). */
  static final int ROUNDS = 600_000;

  private static final int MOST_ROUNDS = 2_000_000;
  private static final int FEWEST_ROUNDS = 1_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "\\$pbkdf2-sha256\\$i=([0-9]{4,7})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{43})");

  private final SecureRandom random = new SecureRandom();
  private final int rounds;

  Pbkdf2Hasher(int rounds) {
    this.rounds = rounds;
  }

  private record Parts(int rounds, byte[] salt, byte[] hash) {

    static Optional<Parts> of(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int rounds = Integer.parseInt(matcher.group(1));
      try {
        return rounds < FEWEST_ROUNDS || rounds > MOST_ROUNDS
            ? Optional.empty()
            : Optional.of(
                new Parts(
                    rounds,
                    Base64.getDecoder().decode(matcher.group(2)),
                    Base64.getDecoder().decode(matcher.group(3))));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    String text() {
      Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
      return "$pbkdf2-sha256$i=%d$%s$%s"
          .formatted(rounds, encoder.encodeToString(salt), encoder.encodeToString(hash));
    }
  }

  @Override
  public String hash(Password password) {
    byte[] salt = bytes(SALT_BYTES);
    return new Parts(rounds, salt, derived(password, salt, rounds)).text();
  }

  @Override
  public boolean matches(Password password, String hash) {
    return Parts.of(hash)
        .map(
            parts ->
                MessageDigest.isEqual(
                    parts.hash(), derived(password, parts.salt(), parts.rounds())))
        .orElse(false);
  }

  @Override
  public boolean isCurrent(String hash) {
    return Parts.of(hash).filter(parts -> parts.rounds() >= rounds).isPresent();
  }

  @Override
  public boolean isUsable(String hash) {
    return Parts.of(hash).isPresent();
  }

  @Override
  public String decoy() {
    return new Parts(rounds, bytes(SALT_BYTES), bytes(HASH_BYTES)).text();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] derived(Password password, byte[] salt, int rounds) {
    PBEKeySpec spec =
        new PBEKeySpec(password.text().toCharArray(), salt, rounds, HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot hash passwords", e);
    } finally {
      spec.clearPassword();
    }
  }
}
