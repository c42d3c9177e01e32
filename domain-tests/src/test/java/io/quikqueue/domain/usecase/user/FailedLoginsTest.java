package io.quikqueue.domain.usecase.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.usecase.Caller;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailedLoginsTest extends SignInFixture {

  private final SignIn signIn = signIn(hasher);

  private void refuse(String refreshToken) {
    assertThatThrownBy(() -> signIn.refresh(SOMEBODY, refreshToken))
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

  private String foreign() {
    return RefreshToken.of(bytes()).text();
  }

  @Test
  void anAddressThatSendsTokensOfNobodyWaits() {
    created();
    SignIn.Tokens tokens = loggedIn();
    for (int i = 0; i < 200; i++) {
      refuse("qr_" + i); // has not the form of one, and is not looked up
    }
    for (int i = 0; i < 25; i++) {
      refuse(foreign());
      signIn.logout(SOMEBODY, foreign());
    }

    assertThatThrownBy(() -> signIn.refresh(SOMEBODY, foreign()))
        .isInstanceOfSatisfying(
            TooManyLoginsException.class, e -> assertThat(e.seconds()).isEqualTo(1));
    assertThatThrownBy(() -> signIn.logout(SOMEBODY, foreign()))
        .isInstanceOf(TooManyLoginsException.class);
    assertThat(meter.count("login_failed/too_many")).isEqualTo(2);
    SignIn.Tokens next = signIn.refresh(Caller.nobody("192.0.2.2"), tokens.refresh());
    signIn.login(SOMEBODY, EMAIL, PASSWORD);
    pass(Duration.ofSeconds(1));
    signIn.refresh(SOMEBODY, next.refresh());
  }

  @Test
  void tokensThatCountMakeNobodyWait() {
    created();
    for (int i = 0; i < 100; i++) {
      SignIn.Tokens tokens = loggedIn();
      signIn.logout(SOMEBODY, signIn.refresh(SOMEBODY, tokens.refresh()).refresh());
    }
    signIn.refresh(SOMEBODY, loggedIn().refresh());
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
