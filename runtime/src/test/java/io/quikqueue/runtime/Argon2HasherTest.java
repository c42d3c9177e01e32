package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.access.Password;
import io.quikqueue.runtime.Argon2Hasher.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2HasherTest {

  private static final Password PASSWORD = new Password("correct horse ä battery");

  private final Argon2Hasher hasher = new Argon2Hasher(new Cost(64, 1, 1));

  @Test
  void aHashIsOfItsPasswordAlone() {
    String hash = hasher.hash(PASSWORD);

    assertThat(hasher.matches(PASSWORD, hash)).isTrue();
    assertThat(hasher.matches(new Password("correct horse a battery"), hash)).isFalse();
    assertThat(hasher.hash(PASSWORD)).as("another salt").isNotEqualTo(hash);
    assertThat(hash).doesNotContain(PASSWORD.text());
    assertThat(hasher.isCurrent(hash)).isTrue();
    assertThat(new Argon2Hasher(new Cost(65, 1, 1)).isCurrent(hash)).isFalse();
    assertThat(new Argon2Hasher(new Cost(64, 2, 1)).isCurrent(hash)).isFalse();
    assertThat(new Argon2Hasher(new Cost(65, 1, 1)).matches(PASSWORD, hash)).isTrue();
  }

  /** Hashes of libargon2's test suite. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "password;$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "password;$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "differentpassword;$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"
      })
  void aHashOfAnotherProgramIsTold(String password, String hash) {
    assertThat(hasher.isUsable(hash)).isTrue();
    assertThat(hasher.matches(new Password(password), hash)).isTrue();
    assertThat(hasher.matches(new Password(password + "x"), hash)).isFalse();
  }

  /** Of the test suite of crypt_blowfish. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "U*U;$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "U*U;$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
      })
  void aBcryptHashIsToldAndNotCurrent(String password, String hash) {
    assertThat(hasher.isUsable(hash)).isTrue();
    assertThat(hasher.isCurrent(hash)).isFalse();
    assertThat(hasher.matches(new Password(password), hash)).isTrue();
    assertThat(hasher.matches(new Password(password + "x"), hash)).isFalse();
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
        "$2a$14$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=65537,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=9,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=5$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
      })
  void whatIsNoHashOrCostsTooMuchIsNotTaken(String hash) {
    assertThat(hasher.isUsable(hash)).isFalse();
    assertThat(hasher.matches(PASSWORD, hash)).isFalse();
  }
}
