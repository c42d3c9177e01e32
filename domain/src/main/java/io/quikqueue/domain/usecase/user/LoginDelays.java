package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.access.LoginFailures.Bound;
import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.port.LoginGuard;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes who fails to sign in wait, longer each time: by the account, whether there is one or not,
 * and by the address that they call from.
 */
final class LoginDelays {

  /** How many of those who have to wait are refused without a look at the store. */
  private static final int REMEMBERED = 10_000;

  private final LoginGuard guard;
  private final Map<String, Instant> waiting = new LinkedHashMap<>(); // guarded by itself

  /** An attempt that has begun: what was known of the account and the address, and what is now. */
  record Attempt(Step address, Step account) {}

  private record Step(String id, LoginFailures before, LoginFailures after) {

    /** Where others have tried meanwhile, their attempts stay. */
    LoginFailures undone(LoginFailures known) {
      return known.equals(after) ? before : known.takenBack();
    }
  }

  LoginDelays(LoginGuard guard) {
    this.guard = guard;
  }

  /**
   * Refuses who was told to wait not long ago, at no cost.
   *
   * @throws TooManyLoginsException as {@link #begin} does
   */
  void requireFree(String account, String from, Instant now) {
    requireFree(id(Bound.ADDRESS, from), now);
    requireFree(id(Bound.ACCOUNT, account), now);
  }

  private void requireFree(String id, Instant now) {
    Instant until;
    synchronized (waiting) {
      until = waiting.get(id);
      if (until != null && !now.isBefore(until)) {
        waiting.remove(id);
      }
    }
    if (until != null && now.isBefore(until)) {
      throw new TooManyLoginsException(Duration.between(now, until));
    }
  }

  /**
   * Begins an attempt, which counts as failed until it is said that it was not.
   *
   * @param account the address of the account
   * @throws TooManyLoginsException when somebody has to wait; then it counts for nobody
   */
  Attempt begin(String account, String from, Instant now) {
    Step address = begin(Bound.ADDRESS, id(Bound.ADDRESS, from), now);
    try {
      return new Attempt(address, begin(Bound.ACCOUNT, id(Bound.ACCOUNT, account), now));
    } catch (RuntimeException e) {
      undo(address);
      throw e;
    }
  }

  private Step begin(Bound bound, String id, Instant now) {
    LoginFailures[] before = {LoginFailures.NONE};
    LoginFailures after =
        guard.change(
            id,
            known -> {
              before[0] = known;
              return known.wait(now).isZero() ? known.tried(bound, now) : known;
            });
    Duration wait = before[0].wait(now);
    if (!wait.isZero()) {
      remember(id, now.plus(wait));
      throw new TooManyLoginsException(wait);
    }
    return new Step(id, before[0], after);
  }

  private void remember(String id, Instant until) {
    synchronized (waiting) {
      waiting.put(id, until);
      if (waiting.size() > REMEMBERED) {
        waiting.remove(waiting.keySet().iterator().next());
      }
    }
  }

  void succeeded(Attempt attempt) {
    guard.change(attempt.account().id(), _ -> LoginFailures.NONE);
    guard.change(attempt.address().id(), attempt.address()::undone);
  }

  /** The attempt came to nothing for another reason, and was none. */
  void takenBack(Attempt attempt) {
    undo(attempt.account());
    undo(attempt.address());
  }

  private void undo(Step step) {
    try {
      guard.change(step.id(), step::undone);
    } catch (UnavailableException e) {
      return; // it counts as failed, for a while
    }
  }

  private static String id(Bound bound, String whose) {
    return Sha256.hex(bound + ":" + whose);
  }
}
