package io.quikqueue.domain.port;

import io.quikqueue.domain.access.LoginFailures;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** Counts failures to sign in. All methods throw {@link UnavailableException} without the store. */
public interface LoginGuard {

  /**
   * Changes what is known of an account or address: changes of one come one after another.
   *
   * @param id 64 hex digits
   * @param change is given {@link LoginFailures#NONE} where nothing is known, and may answer it
   */
  LoginFailures change(String id, UnaryOperator<LoginFailures> change);

  /** Forgets those with no attempt since then, up to so many; returns how many. */
  int prune(Instant before, int limit);
}
