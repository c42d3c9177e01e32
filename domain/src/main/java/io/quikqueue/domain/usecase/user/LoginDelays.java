package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.access.LoginFailures;
import io.quikqueue.domain.access.LoginFailures.Bound;
import io.quikqueue.domain.hash.Sha256;
import io.quikqueue.domain.port.LoginGuard;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes who fails to sign in wait, longer each time: by the account, whether there is one or not,
 * and by the address that they call from.
 */
final class LoginDelays {

  private final LoginGuard guard;

  LoginDelays(LoginGuard guard) {
    this.guard = guard;
  }

  /**
   * Begins an attempt, which counts as failed until it is said that it was not.
   *
   * @param account the address of the account
   * @throws TooManyLoginsException when somebody has to wait
   */
  void begin(String account, String from, Instant now) {
    begin(Bound.ADDRESS, id(Bound.ADDRESS, from), now);
    begin(Bound.ACCOUNT, id(Bound.ACCOUNT, account), now);
  }

  private void begin(Bound bound, String id, Instant now) {
    Duration[] wait = {Duration.ZERO};
    guard.change(
        id,
        known -> {
          wait[0] = known.wait(now);
          return wait[0].isZero() ? known.tried(bound, now) : known;
        });
    if (!wait[0].isZero()) {
      throw new TooManyLoginsException(wait[0]);
    }
  }

  void succeeded(String account, String from) {
    guard.change(id(Bound.ACCOUNT, account), _ -> LoginFailures.NONE);
    guard.change(id(Bound.ADDRESS, from), LoginFailures::takenBack);
  }

  /** The attempt came to nothing for another reason, and was none. */
  void takenBack(String account, String from) {
    guard.change(id(Bound.ACCOUNT, account), LoginFailures::takenBack);
    guard.change(id(Bound.ADDRESS, from), LoginFailures::takenBack);
  }

  private static String id(Bound bound, String whose) {
    return Sha256.hex(bound + ":" + whose);
  }
}
