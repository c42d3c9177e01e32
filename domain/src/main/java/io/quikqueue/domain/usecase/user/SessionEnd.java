package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.RefreshToken;
import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.Session.Fit;
import org.jspecify.annotations.Nullable;

/** The end of a session by who has a token of it. */
final class SessionEnd {

  private final RefreshToken sent;
  @Nullable String userId;

  SessionEnd(RefreshToken sent) {
    this.sent = sent;
  }

  /** Null = it ends. */
  @Nullable Session apply(Session session) {
    if (session.fit(sent) == Fit.FOREIGN) {
      return session;
    }
    userId = session.userId();
    return null;
  }
}
