package io.quikqueue.domain.usecase.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.CheapHasher;
import io.quikqueue.contracts.InMemoryApiKeys;
import io.quikqueue.domain.access.AccessToken;
import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.LoginGuard;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.PasswordHasher;
import io.quikqueue.domain.port.TokenKeys;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.access.Authenticate;
import io.quikqueue.domain.usecase.access.RefusedAccess.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignInTest extends SignInFixture {

  @Test
  void anUnknownUserCostsTheSameWorkAsAKnownOne() {
    created();
    fail(EMAIL);
    assertThat(hasher.compared).hasValue(1);
    fail("nobody@example.com");
    assertThat(hasher.compared).hasValue(2);
  }

  @Test
  void theDelayGrowsAndIsForgottenByASuccess() {
    created();
    for (int i = 0; i < 5; i++) {
      fail(EMAIL);
    }
    for (long seconds : new long[] {1, 2, 4, 8}) {
      assertThatThrownBy(this::loggedIn)
          .isInstanceOfSatisfying(
              TooManyLoginsException.class, e -> assertThat(e.seconds()).isEqualTo(seconds));
      pass(Duration.ofSeconds(seconds));
      fail(EMAIL);
    }
    assertThat(hasher.compared).as("who has to wait costs no hash").hasValue(9);
    pass(Duration.ofMinutes(15));
    loggedIn();
    fail(EMAIL);
    loggedIn();
  }

  @Test
  void anAddressWaitsWhicheverAccountsItTries() {
    created();
    for (int i = 0; i < 50; i++) {
      fail("nobody" + i + "@example.com");
    }
    assertThatThrownBy(this::loggedIn).isInstanceOf(TooManyLoginsException.class);
    Caller other = Caller.nobody("192.0.2.2");
    assertThat(signIn(hasher).login(other, EMAIL, PASSWORD)).isNotNull();
  }

  @Test
  void passwordsAreHashedAFewAtATimeAndTheRestIsRefused() throws Exception {
    created();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    PasswordChecks checks =
        new PasswordChecks(new CheapHasherThatWaits(begun, goOn), 1, Duration.ofMillis(1));
    CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> compared(checks, null));
    begun.await();

    assertThatThrownBy(() -> compared(checks, null)).isInstanceOf(OverloadedException.class);

    goOn.countDown();
    assertThat(first.get()).isFalse();
    assertThat(compared(checks, hasher.hash(PASSWORD))).isTrue();
  }

  private static boolean compared(PasswordChecks checks, @Nullable String hash) {
    return checks.inTurn(() -> checks.matches(PASSWORD, hash));
  }

  @Test
  void whoseTurnDoesNotComeCostsTheStoreNothing() throws Exception {
    created();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    PasswordHasher waits = new CheapHasherThatWaits(begun, goOn);
    AtomicInteger asked = new AtomicInteger();
    LoginGuard guard = accounts.guard();
    Accounts counted =
        new Accounts(
            accounts.users(),
            accounts.sessions(),
            new LoginGuard() {
              @Override
              public LoginFailures change(String id, UnaryOperator<LoginFailures> change) {
                asked.incrementAndGet();
                return guard.change(id, change);
              }

              @Override
              public int prune(Instant before, int limit) {
                return guard.prune(before, limit);
              }
            },
            accounts.tokenKeys());
    SignIn flooded =
        new SignIn(
            counted,
            new PasswordChecks(waits, 1, Duration.ofMillis(1)),
            keyring,
            clock,
            this::bytes,
            meter);
    CompletableFuture<?> first =
        CompletableFuture.supplyAsync(() -> flooded.login(SOMEBODY, EMAIL, PASSWORD));
    begun.await();
    int before = asked.get();

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> flooded.login(SOMEBODY, EMAIL, PASSWORD))
          .isInstanceOf(OverloadedException.class);
    }

    assertThat(asked).hasValue(before);
    goOn.countDown();
    first.get();
    for (int i = 0; i < 5; i++) {
      fail(EMAIL);
    }
  }

  @Test
  void successesFromAnAddressProlongNoDelayOfIt() {
    created();
    for (int i = 0; i < 50; i++) {
      fail("nobody" + i + "@example.com");
    }
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < 10; i++) {
      loggedIn();
    }
  }

  @Test
  void anAddressIsForgivenAFailureAMinute() {
    created();
    for (int i = 0; i < 200; i++) {
      fail("nobody" + i + "@example.com");
      pass(Duration.ofMinutes(1));
    }
    loggedIn();
  }

  @Test
  void theWaitOfAnAccountIsNoFailureOfTheAddress() {
    created();
    for (int i = 0; i < 5; i++) {
      fail(EMAIL);
    }
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(this::loggedIn).isInstanceOf(TooManyLoginsException.class);
    }
    fail("nobody@example.com");
  }

  @Test
  void tokensCountWhileTheNextKeyIsBeingPublished() throws Exception {
    created();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    TokenKeyring slow =
        new TokenKeyring(
            accounts.tokenKeys(),
            clock,
            nanos::get,
            () -> {
              if (made.incrementAndGet() == 2) {
                begun.countDown();
                try {
                  goOn.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }
              return pair();
            });
    slow.sign(token());
    pass(Duration.ofHours(23));
    CompletableFuture<Void> renewal = CompletableFuture.runAsync(slow::renew);
    begun.await();

    String token = slow.sign(token());

    assertThat(slow.verified(token)).isPresent();
    slow.renew();
    goOn.countDown();
    renewal.get();
    assertThat(made).hasValue(2);
  }

  private AccessToken token() {
    Instant now = clock.instant();
    return new AccessToken(
        "0123456789abcdef", RefreshToken.of(bytes()).session(), now, now.plusSeconds(60));
  }

  private record CheapHasherThatWaits(CountDownLatch begun, CountDownLatch goOn)
      implements PasswordHasher {

    @Override
    public String hash(Password password) {
      return new CheapHasher().hash(password);
    }

    @Override
    public boolean matches(Password password, String hash) {
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return new CheapHasher().matches(password, hash);
    }

    @Override
    public boolean isCurrent(String hash) {
      return true;
    }

    @Override
    public boolean isUsable(String hash) {
      return true;
    }

    @Override
    public String decoy() {
      return "";
    }
  }

  @Test
  void anotherProcessKnowsTheTokenUntilItExpires() {
    created();
    String token = loggedIn().access();
    TokenCallers other = callers(keyring());

    assertThat(knows(other, token)).isTrue();
    pass(SignIn.ACCESS.minusSeconds(1));
    assertThat(knows(other, token)).isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(knows(other, token)).isFalse();
  }

  @Test
  void whyATokenCountsForNothingIsKnown() {
    Authenticate authenticate =
        new Authenticate(new InMemoryApiKeys(), clock, nanos::get, null, Meter.NONE, callers);
    User user = created();
    String token = loggedIn().access();
    String forged = token.substring(0, token.lastIndexOf('.')) + "." + "A".repeat(86);
    signIn(hasher).logoutEverywhere(SOMEBODY, user.id());

    assertThat(authenticate.whyNot("eyJ")).isEqualTo(Reason.MALFORMED);
    assertThat(authenticate.whyNot(token)).isEqualTo(Reason.UNKNOWN_OR_REVOKED);
    pass(SignIn.ACCESS);
    assertThat(authenticate.whyNot(token)).isEqualTo(Reason.EXPIRED);
    assertThat(authenticate.whyNot(forged)).isEqualTo(Reason.UNKNOWN_OR_REVOKED);
  }

  @Test
  void aLogoutCountsWithinASecondAndFiveWithoutTheStore() {
    User user = created();
    String token = loggedIn().access();
    assertThat(knows(callers, token)).isTrue();
    signIn(hasher).logoutEverywhere(SOMEBODY, user.id());
    pass(Duration.ofSeconds(1));
    assertThat(knows(callers, token)).isFalse();

    String second = loggedIn().access();
    assertThat(knows(callers, second)).isTrue();
    away.set(true);
    pass(Duration.ofSeconds(4));
    assertThat(knows(callers, second)).isTrue();
    pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> knows(callers, second)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void theKeyIsRenewedEachDayAndItsTokensGoOn() {
    created();
    String before = loggedIn().access();
    String first = keyring.published().getFirst().id();
    pass(Duration.ofHours(23));
    keyring.renew();
    pass(Duration.ofMinutes(59));
    keyring.renew();
    assertThat(keyring.published()).hasSize(2);
    String last = loggedIn().access();
    pass(Duration.ofMinutes(1));
    keyring.renew();
    String next = loggedIn().access();

    assertThat(knows(callers, before)).isFalse();
    assertThat(knows(callers, last)).isTrue();
    assertThat(knows(callers, next)).isTrue();
    assertThat(next.substring(0, next.indexOf('.')))
        .isNotEqualTo(last.substring(0, last.indexOf('.')));
    pass(Duration.ofHours(2));
    assertThat(keyring.published()).extracting(TokenKey::id).doesNotContain(first).hasSize(1);
  }

  @Test
  void aProcessPublishesAKeyWhenSomebodySignsInAndOthersKnowItAtOnce() {
    created();
    TokenCallers other = callers(keyring());
    keyring.renew();
    assertThat(accounts.tokenKeys().list(clock.instant())).isEmpty();
    assertThat(knows(other, keyring().sign(token()))).as("has no session").isFalse();
    assertThat(keyring.published()).hasSize(1);

    String token = loggedIn().access();

    assertThat(knows(other, token)).isTrue();
    assertThat(accounts.tokenKeys().list(clock.instant())).hasSize(2);
  }

  @Test
  void keysThatNobodyPublishedCostTheStoreLittle() {
    AtomicInteger asked = new AtomicInteger();
    TokenKeys counted =
        new TokenKeys() {
          @Override
          public void publish(TokenKey key) {}

          @Override
          public List<TokenKey> list(Instant now) {
            asked.incrementAndGet();
            return List.of();
          }
        };
    TokenCallers asking =
        callers(new TokenKeyring(counted, clock, nanos::get, SignInFixture::pair));
    String token = keyring().sign(token());
    for (int i = 0; i < 1_000; i++) {
      assertThat(knows(asking, token)).isFalse();
    }
    assertThat(asked).hasValue(11);
    pass(Duration.ofSeconds(1));
    assertThat(knows(asking, token)).isFalse();
    assertThat(asked).as("as of old, and anew").hasValue(13);
  }

  @Test
  void aSessionEndsAfterFourteenDaysWithoutARefreshOrAfterNinety() {
    created();
    SignIn.Tokens tokens = loggedIn();
    for (int days = 0; days < 78; days += 13) {
      pass(Duration.ofDays(13));
      tokens = signIn(hasher).refresh(SOMEBODY, tokens.refresh());
    }
    String last = tokens.refresh();
    assertThatThrownBy(
            () -> {
              pass(Duration.ofDays(12));
              signIn(hasher).refresh(SOMEBODY, last);
            })
        .isInstanceOf(WrongCredentialsException.class);

    String idle = loggedIn().refresh();
    pass(SignIn.IDLE);
    assertThatThrownBy(() -> signIn(hasher).refresh(SOMEBODY, idle))
        .isInstanceOf(WrongCredentialsException.class);
  }

  @Test
  void nothingSecretIsInTexts() {
    User user = created();
    SignIn.Tokens tokens = loggedIn();

    assertThat(tokens + " " + user + " " + PASSWORD + " " + user.profile())
        .doesNotContain(tokens.access())
        .doesNotContain(tokens.refresh().substring(36))
        .doesNotContain(PASSWORD.text())
        .doesNotContain(user.passwordHash())
        .doesNotContain(EMAIL);
    assertThat(RefreshToken.parse(tokens.refresh()).orElseThrow().toString())
        .doesNotContain(tokens.refresh().substring(36));
    assertThat(
            accounts
                .sessions()
                .find(RefreshToken.parse(tokens.refresh()).orElseThrow().session())
                .orElseThrow()
                .toString())
        .doesNotContain(user.passwordHash());
  }
}
