package io.quikqueue.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurrogatesTest {

  private static final String FACE = "\uD83D\uDE00";

  @Test
  void aPairIsNotCutInHalf() {
    assertThat(Surrogates.start("a" + FACE, 3)).isEqualTo("a" + FACE);
    assertThat(Surrogates.start("a" + FACE, 2)).isEqualTo("a");
    assertThat(Surrogates.start(FACE + FACE, 3)).isEqualTo(FACE);
    assertThat(Surrogates.start(FACE, 1)).isEmpty();
    assertThat(Surrogates.start("ab", 1)).isEqualTo("a");
    assertThat(Surrogates.start("ab", 0)).isEmpty();
  }
}
