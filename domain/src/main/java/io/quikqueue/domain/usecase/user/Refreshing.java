package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.Session.Fit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A refresh token put in the place of another. A store may apply it more than once. */
final class Refreshing {

  private final RefreshToken sent;
  private final RefreshToken next;
  private final Instant now;
  boolean done;
  boolean reused;

  Refreshing(RefreshToken sent, RefreshToken next, Instant now) {
    this.sent = sent;
    this.next = next;
    this.now = now;
  }

  /** The session after it; null = it ends. */
  @Nullable Session apply(Session session) {
    done = false;
    reused = false;
    if (session.fit(sent) == Fit.FOREIGN) {
      return session;
    }
    Instant last = session.createdAt().plus(SignIn.LONGEST);
    if (!session.isLive(now) || !now.isBefore(last)) {
      return null;
    }
    if (session.fit(next) == Fit.CURRENT) { // done before, by a call whose answer was lost
      done = true;
      return session;
    }
    if (session.fit(sent) == Fit.REUSED) {
      reused = true;
      return null;
    }
    done = true;
    Instant idle = now.plus(SignIn.IDLE);
    return session.rotated(next, idle.isBefore(last) ? idle : last);
  }
}
