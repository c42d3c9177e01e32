package io.quikqueue.rest;

import io.quikqueue.domain.usecase.user.TooManyLoginsException;
import io.quikqueue.domain.usecase.user.WrongCredentialsException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** The problems of users and of signing in; none says whether there is an account. */
final class UserProblems {

  private UserProblems() {}

  static Problem unknownUser() {
    return Problem.of(404, "unknown-user", "Unknown user", "there is no user with this id");
  }

  static Problem notAUser() {
    return Problem.of(
        409, "not-a-user", "Not a user", "this is for users who have signed in, not for keys");
  }

  static Problem lastAdmin() {
    return Problem.of(
        409,
        "last-admin",
        "Last admin",
        "this is the last active user who is an admin; make another one first, or use a key");
  }

  static Problem wrongOldPassword() {
    return Problem.ofField(
        422,
        "wrong-password",
        "Wrong password",
        "old_password",
        "old_password: is not the password of this user");
  }

  static Problem of(WrongCredentialsException e) {
    return switch (e.what()) {
      case PASSWORD ->
          Problem.of(
              401,
              "wrong-credentials",
              "Wrong credentials",
              "the email or the password is wrong, or the user may not sign in");
      case REFRESH_TOKEN, REUSED_REFRESH_TOKEN ->
          Problem.of(
              401,
              "wrong-refresh-token",
              "Wrong refresh token",
              "the refresh token is unknown, was used before, or its session has ended");
    };
  }

  static Problem of(TooManyLoginsException e) {
    return Problem.of(
        429,
        "too-many-logins",
        "Too many logins",
        "signing in failed too often for this account or from this address; try again later");
  }

  /** What the headers of an answer say beside its body. */
  static Response withHeaders(Throwable thrown, Response answer) {
    if (thrown instanceof TooManyLoginsException e) {
      answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, Long.toString(e.seconds()));
    }
    if (thrown instanceof WrongCredentialsException) {
      answer.getHeaders().putSingle(HttpHeaders.WWW_AUTHENTICATE, Access.CHALLENGE);
    }
    return answer;
  }
}
