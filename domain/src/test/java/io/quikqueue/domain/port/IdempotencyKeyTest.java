package io.quikqueue.domain.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quikqueue.domain.job.InvalidFieldException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  private static final String HASH = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"", "ä", "a\n", "a\u0000", "\u007f", "🎉"})
  void aKeyOfOtherCharactersIsNamed(String key) {
    assertThat(
            catchThrowableOfType(InvalidFieldException.class, () -> new IdempotencyKey(key, HASH))
                .field())
        .isEqualTo("Idempotency-Key");
  }

  @Test
  void aKeyHasTwoHundredCharactersAtMost() {
    assertThat(new IdempotencyKey("~ ".repeat(100), HASH).key()).hasSize(200);
    assertThat(
            catchThrowableOfType(
                InvalidFieldException.class, () -> new IdempotencyKey("x".repeat(201), HASH)))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
  void aFingerprintIsAHash(String fingerprint) {
    assertThatIllegalArgumentException().isThrownBy(() -> new IdempotencyKey("k", fingerprint));
  }

  @Test
  void aFingerprintBeginsWithItsVersion() {
    byte[] hash = new byte[32];
    Arrays.fill(hash, (byte) 0xAB);

    assertThat(IdempotencyKey.fingerprint(hash))
        .isEqualTo(IdempotencyKey.VERSION + "ab".repeat(28));
  }

  @Test
  void onlyFingerprintsOfOneVersionAreCompared() {
    IdempotencyKey key = new IdempotencyKey("k", IdempotencyKey.VERSION + "a".repeat(56));

    assertThat(key.isSameRequest(key.fingerprint())).isTrue();
    assertThat(key.isSameRequest(IdempotencyKey.VERSION + "b".repeat(56))).isFalse();
    assertThat(key.isSameRequest("b".repeat(64))).isTrue();
  }
}
