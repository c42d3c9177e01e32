package io.quikqueue.domain.usecase.user;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.CheapHasher;
import io.quikqueue.contracts.CountingMeter;
import io.quikqueue.contracts.InMemoryAccounts;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.TokenKey;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.PasswordHasher;
import io.quikqueue.domain.port.Sessions;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import java.lang.reflect.Proxy;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Users who sign in, with a clock that the test moves. */
abstract class SignInFixture {

  static final Caller SOMEBODY = Caller.nobody("192.0.2.1");
  static final String EMAIL = "ann@example.com";
  static final Password PASSWORD = new Password("correct horse battery");

  final SettableClock clock = new SettableClock();
  final AtomicLong nanos = new AtomicLong();
  final Random random = new Random(35);
  final Accounts accounts = new InMemoryAccounts().ports();
  final AtomicBoolean away = new AtomicBoolean();
  final CountingMeter meter = new CountingMeter();
  final CheapHasher hasher = new CheapHasher();
  final TokenKeyring keyring = keyring();
  final TokenCallers callers = callers(keyring);

  TokenKeyring keyring() {
    return new TokenKeyring(accounts.tokenKeys(), clock, nanos::get, SignInFixture::pair);
  }

  TokenCallers callers(TokenKeyring of) {
    return new TokenCallers(of, breakable(), clock, nanos::get);
  }

  Sessions breakable() {
    return (Sessions)
        Proxy.newProxyInstance(
            Sessions.class.getClassLoader(),
            new Class<?>[] {Sessions.class},
            (_, method, args) -> {
              if (away.get()) {
                throw new UnavailableException("store", "it is away");
              }
              return method.invoke(accounts.sessions(), args);
            });
  }

  static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance(TokenKey.ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  byte[] bytes() {
    byte[] bytes = new byte[RefreshToken.BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  SignIn signIn(PasswordHasher with) {
    return new SignIn(
        accounts,
        new PasswordChecks(with, 1, Duration.ofSeconds(30)),
        keyring,
        clock,
        this::bytes,
        meter);
  }

  User created() {
    User user =
        User.created(
            "0123456789abcdef",
            new User.Profile("Ann", EMAIL, null, null),
            Role.OPERATOR,
            hasher.hash(PASSWORD),
            clock.instant(),
            "me");
    accounts.users().create(user);
    return user;
  }

  SignIn.Tokens loggedIn() {
    return signIn(hasher).login(SOMEBODY, EMAIL, PASSWORD);
  }

  boolean knows(TokenCallers by, String token) {
    return by.caller(token, "192.0.2.1").isPresent();
  }

  void pass(Duration time) {
    clock.advance(time);
    nanos.addAndGet(time.toNanos());
  }

  void fail(String email) {
    assertThatThrownBy(() -> signIn(hasher).login(SOMEBODY, email, new Password("wrong")))
        .isInstanceOf(WrongCredentialsException.class);
  }
}
