package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.AccessToken;
import io.quikqueue.domain.port.Sessions;
import io.quikqueue.domain.port.Sessions.SignedIn;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.InForce;
import io.quikqueue.domain.usecase.RecentlyUsed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells who calls by their access token. A token counts while its session goes on and its user is
 * active, with the role that they have now: as the store has these, at most a second late, and five
 * seconds while it cannot be reached. What is no token of ours costs the store nothing.
 */
public final class TokenCallers {

  /** Of so many sessions it is kept how they stand: those that were asked for last. */
  private static final int MOST = 10_000;

  private final TokenKeyring keyring;
  private final Sessions sessions;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final RecentlyUsed<String, InForce<Optional<SignedIn>>> known = new RecentlyUsed<>(MOST);

  /**
   * @param clock the store's clock
   * @param nanos monotonic time
   */
  public TokenCallers(
      TokenKeyring keyring, Sessions sessions, InstantSource clock, LongSupplier nanos) {
    this.keyring = keyring;
    this.sessions = sessions;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Whether a text may be a token: it is none of the other texts that callers send. */
  public static boolean isLike(String sent) {
    return sent.startsWith("ey");
  }

  /**
   * Who sends this token; empty = it counts for nothing.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when nobody can say
   */
  public Optional<Caller> caller(String sent, String address) {
    return keyring.verified(sent).flatMap(token -> caller(token, address));
  }

  /** Why a token counts for nothing. */
  public enum Fault {
    /** It is no token of this service's form. */
    MALFORMED,
    /** It was given out here, and has expired. */
    EXPIRED,
    /** No key that is known signed it, its session has ended, or its user may not call. */
    UNKNOWN
  }

  /** Why {@link #caller} was empty for this text. */
  public Fault whyNot(String sent) {
    return keyring.fault(sent);
  }

  private Optional<Caller> caller(AccessToken token, String address) {
    Instant now = clock.instant();
    return session(token.session())
        .filter(in -> in.session().isLive(now) && in.user().active())
        .filter(in -> in.user().id().equals(token.userId()))
        .map(in -> Caller.user(in.user().id(), in.user().role(), address));
  }

  private Optional<SignedIn> session(String id) {
    return known
        .get(id, _ -> InForce.upTo(Duration.ofSeconds(5), _ -> sessions.find(id), nanos))
        .get();
  }
}
