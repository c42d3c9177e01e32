package io.quikqueue.runtime;

import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.port.PasswordHasher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes passwords with Argon2id (RFC 9106), and knows those that were hashed with bcrypt
 * elsewhere. A hash is {@code $argon2id$v=19$m=KIBIBYTES,t=PASSES,p=LANES$SALT$HASH}, salt and hash
 * in base64 without padding.
 */
final class Argon2Hasher implements PasswordHasher {

  /**
   * What a hash costs.
   *
   * @param memory in KiB
   * @param passes over the memory
   */
  record Cost(int memory, int passes, int lanes) {

    /** What OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes. */
    static final Cost USUAL = new Cost(19_456, 2, 1);

    private static final Cost MOST = new Cost(65_536, 8, 4);

    boolean isBounded() {
      return lanes >= 1
          && lanes <= MOST.lanes
          && passes >= 1
          && passes <= MOST.passes
          && memory >= 8 * lanes
          && memory <= MOST.memory;
    }

    boolean isAtLeast(Cost other) {
      return memory >= other.memory && passes >= other.passes;
    }
  }

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int MOST_DIGITS = 7;
  private static final Pattern ARGON2ID =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,%1$d}),t=([0-9]{1,%1$d}),p=([0-9]{1,%1$d})"
                  .formatted(MOST_DIGITS)
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /** With a cost of at most 2 to the power of 13: a second or less. */
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-3])\\$[./A-Za-z0-9]{53}");

  private final SecureRandom random = new SecureRandom();
  private final Cost cost;

  Argon2Hasher(Cost cost) {
    this.cost = cost;
  }

  private record Parts(Cost cost, byte[] salt, byte[] hash) {

    static Optional<Parts> of(String text) {
      Matcher matcher = ARGON2ID.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Cost cost = new Cost(number(matcher, 1), number(matcher, 2), number(matcher, 3));
      try {
        return cost.isBounded()
            ? Optional.of(
                new Parts(
                    cost,
                    Base64.getDecoder().decode(matcher.group(4)),
                    Base64.getDecoder().decode(matcher.group(5))))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static int number(Matcher matcher, int group) {
      return Integer.parseInt(matcher.group(group));
    }

    String text() {
      Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
      return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
          .formatted(
              cost.memory(),
              cost.passes(),
              cost.lanes(),
              encoder.encodeToString(salt),
              encoder.encodeToString(hash));
    }

    boolean isOf(Password password) {
      return MessageDigest.isEqual(hash, derived(password, cost, salt, hash.length));
    }
  }

  @Override
  public String hash(Password password) {
    byte[] salt = bytes(SALT_BYTES);
    return new Parts(cost, salt, derived(password, cost, salt, HASH_BYTES)).text();
  }

  @Override
  public boolean matches(Password password, String hash) {
    if (!BCRYPT.matcher(hash).matches()) {
      return Parts.of(hash).map(parts -> parts.isOf(password)).orElse(false);
    }
    byte[] text = password.text().getBytes(StandardCharsets.UTF_8);
    try {
      return OpenBSDBCrypt.checkPassword(hash, text);
    } catch (IllegalArgumentException e) {
      return false;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  @Override
  public boolean isCurrent(String hash) {
    return Parts.of(hash).filter(parts -> parts.cost().isAtLeast(cost)).isPresent();
  }

  @Override
  public boolean isUsable(String hash) {
    return BCRYPT.matcher(hash).matches() || Parts.of(hash).isPresent();
  }

  @Override
  public String decoy() {
    return new Parts(cost, bytes(SALT_BYTES), bytes(HASH_BYTES)).text();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] derived(Password password, Cost cost, byte[] salt, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memory())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    byte[] text = password.text().getBytes(StandardCharsets.UTF_8);
    byte[] hash = new byte[length];
    generator.generateBytes(text, hash);
    Arrays.fill(text, (byte) 0);
    return hash;
  }
}
