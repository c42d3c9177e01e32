package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void aMessageIsCutToTwoThousandCharacters() {
    assertThat(new Failure("x".repeat(2000), false).message()).isEqualTo("x".repeat(2000));
    assertThat(new Failure("x".repeat(2001), false).message()).isEqualTo("x".repeat(1999) + "…");
    assertThat(new Failure("x".repeat(1_000_000), true).message()).hasSize(2000);
  }

  @Test
  void aCharacterIsNeverCutInHalf() {
    assertThat(new Failure("x" + "🎉".repeat(1000), false).message())
        .isEqualTo("x" + "🎉".repeat(999) + "…");
    assertThat(new Failure("🎉".repeat(1001), false).message()).isEqualTo("🎉".repeat(999) + "…");
  }
}
