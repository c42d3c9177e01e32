package io.quikqueue.domain.usecase.user;

import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.Meter;
import java.util.function.Supplier;

/** Counts attempts to sign in, and to go on with a refresh token, that came to nothing. */
final class FailedLogins {

  private final Meter meter;

  FailedLogins(Meter meter) {
    this.meter = meter;
  }

  /** Makes an attempt, and counts it if it fails by who makes it or by how many do. */
  <T> T counted(Supplier<T> attempt) {
    try {
      return attempt.get();
    } catch (WrongCredentialsException e) {
      meter.loginFailed(
          switch (e.what()) {
            case PASSWORD -> "wrong_credentials";
            case REFRESH_TOKEN -> "wrong_refresh_token";
            case REUSED_REFRESH_TOKEN -> "reused_refresh_token";
          });
      throw e;
    } catch (TooManyLoginsException e) {
      meter.loginFailed("too_many");
      throw e;
    } catch (OverloadedException e) {
      meter.loginFailed("overloaded");
      throw e;
    }
  }
}
