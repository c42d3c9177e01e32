package io.quikqueue.domain.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.job.InvalidFieldException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {

  private static final User.Profile ANN = new User.Profile("Ann", "ann@example.com", null, null);
  private static final String COMPOSED = "Schlüssel für Ångström";

  @Test
  void oneThatIsSentDecomposedIsTheSame() {
    String decomposed = Normalizer.normalize(COMPOSED, Form.NFD);
    assertThat(decomposed).isNotEqualTo(COMPOSED);

    assertThat(new Password(decomposed)).isEqualTo(new Password(COMPOSED));
  }

  @Test
  void whatLooksAlikeButIsAnotherCharacterStaysAnother() {
    assertThat(new Password("ﬁne words of mine")).isNotEqualTo(new Password("fine words of mine"));
  }

  @Test
  void charactersAreCountedComposed() {
    String longest = "üöäß".repeat(Password.MOST / 4);
    Password sent = new Password(Normalizer.normalize(longest, Form.NFD));

    sent.requireGood("password", ANN);
    assertThat(sent.isPossible()).isTrue();
    assertThatThrownBy(
            () ->
                new Password(Normalizer.normalize("üöäß".repeat(2) + "u\u0308ba", Form.NFD))
                    .requireGood("password", ANN))
        .isInstanceOf(InvalidFieldException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "zyxwvutsrqponm",
        "qwertyuiopas",
        "Qwertzuiop!!",
        "Password1234",
        "QuikQueue2026",
        "ann@example.com",
        "Ann.Example.1"
      })
  void whatEverybodyTriesFirstIsNoPassword(String easy) {
    assertThatThrownBy(() -> new Password(easy).requireGood("password", ANN))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("too easy to guess");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery",
        "Ann likes quikqueue on rainy days",
        "k3v8zq0fw1xm",
        "日本語の長いパスワードです。"
      })
  void aNameInALongOneDoesNoHarm(String good) {
    new Password(good).requireGood("password", ANN);
  }

  @Test
  void whatIsTooLongIsNotComposedAndNobodysPassword() {
    String marks = "a" + "\u0308\u0323".repeat(500_000);

    assertThat(new Password(marks).text()).isSameAs(marks);
    assertThat(new Password(marks).isPossible()).isFalse();
  }
}
