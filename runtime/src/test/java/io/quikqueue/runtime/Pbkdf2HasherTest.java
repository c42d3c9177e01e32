package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pbkdf2HasherTest {

  private static final Password PASSWORD = new Password("correct horse ä battery");

  private final Pbkdf2Hasher hasher = new Pbkdf2Hasher(1_000);

  @Test
  void aHashIsOfItsPasswordAlone() {
    String hash = hasher.hash(PASSWORD);

    assertThat(hasher.matches(PASSWORD, hash)).isTrue();
    assertThat(hasher.matches(new Password("correct horse a battery"), hash)).isFalse();
    assertThat(hasher.hash(PASSWORD)).as("another salt").isNotEqualTo(hash);
    assertThat(hash).doesNotContain(PASSWORD.text());
    assertThat(hasher.isCurrent(hash)).isTrue();
    assertThat(new Pbkdf2Hasher(1_001).isCurrent(hash)).isFalse();
    assertThat(new Pbkdf2Hasher(1_001).matches(PASSWORD, hash)).isTrue();
  }

  @Test
  void aDecoyIsUsableAndOfNoPassword() {
    assertThat(hasher.isUsable(hasher.decoy())).isTrue();
    assertThat(hasher.matches(PASSWORD, hasher.decoy())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
        "$pbkdf2-sha256$i=2000001$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=9999999$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=0999$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void whatIsNoHashOrCostsTooMuchIsNotTaken(String hash) {
    assertThat(hasher.isUsable(hash)).isFalse();
    assertThat(hasher.matches(PASSWORD, hash)).isFalse();
  }
}
