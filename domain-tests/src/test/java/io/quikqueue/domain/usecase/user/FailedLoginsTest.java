package io.quikqueue.domain.usecase.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.batch.OverloadedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailedLoginsTest extends SignInFixture {

  private void refuse(String refreshToken) {
    assertThatThrownBy(() -> signIn(hasher).refresh(SOMEBODY, refreshToken))
        .isInstanceOf(WrongCredentialsException.class);
  }

  @Test
  void whoIsNotSignedInIsCountedByWhy() {
    User user = created();
    SignIn.Tokens tokens = loggedIn();
    Password fresh = new Password("staple of another kind");
    assertThatThrownBy(
            () -> signIn(hasher).changePassword(SOMEBODY, user.id(), new Password("wrong"), fresh))
        .isInstanceOf(WrongCredentialsException.class);
    for (int i = 0; i < 4; i++) {
      fail(EMAIL);
    }
    assertThatThrownBy(this::loggedIn).isInstanceOf(TooManyLoginsException.class);
    refuse("x");
    signIn(hasher).refresh(SOMEBODY, tokens.refresh());
    refuse(tokens.refresh());
    refuse(tokens.refresh());

    assertThat(meter.count("login_failed/wrong_credentials")).isEqualTo(5);
    assertThat(meter.count("login_failed/too_many")).isEqualTo(1);
    assertThat(meter.count("login_failed/reused_refresh_token")).isEqualTo(1);
    assertThat(meter.count("login_failed/wrong_refresh_token")).isEqualTo(2);
  }

  @Test
  void whoFindsNoRoomToBeHashedIsCounted() {
    SignIn full =
        new SignIn(
            accounts,
            new PasswordChecks(hasher, 0, Duration.ofMillis(1)),
            keyring,
            clock,
            this::bytes,
            meter);

    assertThatThrownBy(() -> full.login(SOMEBODY, EMAIL, PASSWORD))
        .isInstanceOf(OverloadedException.class);

    assertThat(meter.count("login_failed/overloaded")).isEqualTo(1);
  }
}
