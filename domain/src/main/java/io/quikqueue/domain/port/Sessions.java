package io.quikqueue.domain.port;

import io.quikqueue.domain.access.Session;
import io.quikqueue.domain.access.User;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who is signed in. All methods throw {@link UnavailableException} without the store. */
public interface Sessions {

  /** How many sessions a user has at most; the oldest make room. */
  int MOST = 20;

  /** A session and whose it is. */
  record SignedIn(Session session, User user) {}

  /**
   * Begins a session and counts a login, in one transaction. Again with the same changes nothing.
   *
   * @return false = the user is unknown, inactive, or has another password than that it began with
   */
  boolean begin(Session session);

  Optional<SignedIn> find(String id);

  /**
   * Changes a session: changes of one come one after another.
   *
   * @param change null = it ends
   * @return empty = it is unknown, or ends
   */
  Optional<Session> change(String id, Function<Session, @Nullable Session> change);

  /** Ends all sessions of a user. */
  void endAll(String userId);

  /** Deletes sessions that have expired, up to so many; returns how many. */
  int prune(Instant now, int limit);
}
