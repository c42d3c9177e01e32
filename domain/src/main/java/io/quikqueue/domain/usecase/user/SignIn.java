package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.AccessToken;
import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.Accounts;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.Sessions.SignedIn;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.user.WrongCredentialsException.What;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs users in and out. All methods throw {@link UnavailableException} when the store cannot be
 * reached.
 */
public final class SignIn {

  /** How long an access token counts. */
  public static final Duration ACCESS = Duration.ofMinutes(10);

  /** How long a session goes on without a refresh. */
  public static final Duration IDLE = Duration.ofDays(14);

  /** How long a session goes on in all. */
  public static final Duration LONGEST = Duration.ofDays(90);

  private static final Logger LOG = System.getLogger(SignIn.class.getName());
  private static final int PRUNED_AT_ONCE = 500;
  private static final int MOST_PRUNES = 20;

  private final Accounts accounts;
  private final PasswordChecks passwords;
  private final TokenKeyring keyring;
  private final LoginDelays delays;
  private final FailedLogins failed;
  private final InstantSource clock;
  private final Supplier<byte[]> random;

  /** What a client goes on with. */
  public record Tokens(String access, String refresh, User user) {

    /** Without the tokens. */
    @Override
    public String toString() {
      return "tokens of " + user;
    }
  }

  /**
   * @param clock the store's clock
   * @param random {@link RefreshToken#BYTES} that nobody can guess
   * @param meter counts who was not signed in
   */
  public SignIn(
      Accounts accounts,
      PasswordChecks passwords,
      TokenKeyring keyring,
      InstantSource clock,
      Supplier<byte[]> random,
      Meter meter) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.keyring = keyring;
    this.delays = new LoginDelays(accounts.guard());
    this.failed = new FailedLogins(meter);
    this.clock = clock;
    this.random = random;
  }

  /**
   * Begins a session.
   *
   * @throws WrongCredentialsException when nobody has this address and password, or is not active
   * @throws TooManyLoginsException when that was so too often
   * @throws OverloadedException when too many sign in at once
   */
  public Tokens login(Caller caller, String email, Password password) {
    return failed.counted(
        () -> {
          User user = proven(caller, User.Profile.normalized(email), password);
          return begin(caller, upgraded(user, password));
        });
  }

  /** Who has this address and password; it takes as long when nobody has. */
  User proven(Caller caller, String email, Password password) {
    if (!User.Profile.isEmail(email) || !password.isPossible()) {
      throw new WrongCredentialsException(What.PASSWORD); // nobody can have these
    }
    delays.requireFree(email, caller.address(), clock.instant());
    // The store is asked in turn too: who floods this takes none of its connections from others.
    return passwords.inTurn(() -> provenInTurn(caller.address(), email, password));
  }

  private User provenInTurn(String from, String email, Password password) {
    LoginDelays.Attempt attempt = delays.begin(email, from, now());
    Optional<User> user;
    boolean matches;
    try {
      user = accounts.users().findByEmail(email).filter(User::active);
      matches = passwords.matches(password, user.map(User::passwordHash).orElse(null));
    } catch (RuntimeException e) {
      delays.takenBack(attempt);
      throw e;
    }
    if (!matches) {
      LOG.log(Level.INFO, () -> "event=login_failed from=" + from);
      throw new WrongCredentialsException(What.PASSWORD);
    }
    delays.succeeded(attempt);
    return user.orElseThrow();
  }

  /** With a hash as they are made now, where it is not and there is room to make one. */
  private User upgraded(User user, Password password) {
    if (passwords.isCurrent(user.passwordHash())) {
      return user;
    }
    try {
      String hash = passwords.hash(password);
      accounts
          .users()
          .change(
              user.id(),
              now -> now.passwordHash().equals(user.passwordHash()) ? now.rehashed(hash) : now);
    } catch (OverloadedException | UnavailableException e) {
      return user; // the next login will
    }
    return user;
  }

  private Tokens begin(Caller caller, User user) {
    Instant now = now();
    RefreshToken refresh = RefreshToken.of(random.get());
    Session session = Session.begun(refresh, user, now, now.plus(IDLE));
    if (!accounts.sessions().begin(session)) { // changed since the password was looked at
      throw new WrongCredentialsException(What.PASSWORD);
    }
    log("logged_in", user.id(), session.id(), caller);
    return tokens(user, refresh, now);
  }

  private Tokens tokens(User user, RefreshToken refresh, Instant now) {
    AccessToken access = new AccessToken(user.id(), refresh.session(), now, now.plus(ACCESS));
    return new Tokens(keyring.sign(access), refresh.text(), user);
  }

  /**
   * Gives new tokens for a refresh token, which counts no more. One that counted before ends its
   * session: somebody has a copy.
   *
   * @throws WrongCredentialsException when it does not count
   */
  public Tokens refresh(Caller caller, String sent) {
    return failed.counted(() -> refreshed(caller, sent));
  }

  private Tokens refreshed(Caller caller, String sent) {
    RefreshToken token = RefreshToken.parse(sent).orElseThrow(SignIn::wrongToken);
    Instant now = now();
    SignedIn in =
        accounts
            .sessions()
            .find(token.session())
            .filter(each -> each.user().active())
            .orElseThrow(SignIn::wrongToken);
    RefreshToken next = token.next(random.get());
    Refreshing refreshing = new Refreshing(token, next, now);
    accounts.sessions().change(token.session(), refreshing::apply);
    if (refreshing.reused) {
      log("refresh_token_reused", in.user().id(), token.session(), caller);
      throw new WrongCredentialsException(What.REUSED_REFRESH_TOKEN);
    }
    if (!refreshing.done) {
      throw wrongToken();
    }
    return tokens(in.user(), next, now);
  }

  private static WrongCredentialsException wrongToken() {
    return new WrongCredentialsException(What.REFRESH_TOKEN);
  }

  /**
   * Ends the session of a refresh token, whether it counts or counted before; of another text none.
   */
  public void logout(Caller caller, String sent) {
    RefreshToken.parse(sent).ifPresent(token -> end(caller, token));
  }

  private void end(Caller caller, RefreshToken token) {
    SessionEnd end = new SessionEnd(token);
    accounts.sessions().change(token.session(), end::apply);
    String userId = end.userId;
    if (userId != null) {
      log("logged_out", userId, token.session(), caller);
    }
  }

  /** Ends all sessions of a user. */
  public void logoutEverywhere(Caller caller, String userId) {
    accounts.sessions().endAll(userId);
    log("logged_out_everywhere", userId, "all", caller);
  }

  /**
   * Changes a user's own password, ends all their sessions and begins a new one.
   *
   * @throws WrongCredentialsException when the old one is wrong
   * @throws io.quikqueue.domain.job.InvalidFieldException when the new one is too weak
   */
  public Optional<Tokens> changePassword(
      Caller caller, String userId, Password old, Password fresh) {
    return failed.counted(() -> passwordChanged(caller, userId, old, fresh));
  }

  private Optional<Tokens> passwordChanged(
      Caller caller, String userId, Password old, Password fresh) {
    Optional<User> user = accounts.users().find(userId);
    if (user.isEmpty()) {
      return Optional.empty();
    }
    fresh.requireGood("new_password", user.get().profile());
    User proven = proven(caller, user.get().profile().email(), old);
    String hash = passwords.hash(fresh);
    Instant now = now();
    Optional<User> changed =
        accounts
            .users()
            .change(
                proven.id(),
                each ->
                    each.passwordAt().equals(proven.passwordAt())
                        ? each.withPassword(hash, now)
                        : each)
            .filter(each -> each.passwordHash().equals(hash));
    changed.ifPresent(each -> log("password_changed", userId, "all", caller));
    return changed.map(each -> begin(caller, each));
  }

  /** Deletes what has expired, to be called now and then. */
  public void prune() {
    Instant now = clock.instant();
    accounts.sessions().prune(now, PRUNED_AT_ONCE);
    int pruned = PRUNED_AT_ONCE;
    for (int i = 0; i < MOST_PRUNES && pruned == PRUNED_AT_ONCE; i++) {
      pruned = accounts.guard().prune(now.minus(LoginFailures.KEPT), PRUNED_AT_ONCE);
    }
  }

  private static void log(String what, String userId, String session, Caller caller) {
    LOG.log(
        Level.INFO,
        () ->
            "event=%s user=%s session=%s from=%s"
                .formatted(what, userId, session, caller.address()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
