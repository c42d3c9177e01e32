package io.quikqueue.domain.usecase.user;

/** An address and password, or a refresh token, that nobody is signed in by; never says why. */
public final class WrongCredentialsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What was sent. */
  public enum What {
    PASSWORD,
    REFRESH_TOKEN,
    /** It counted before: somebody has a copy. */
    REUSED_REFRESH_TOKEN
  }

  private final What what;

  WrongCredentialsException(What what) {
    super("wrong " + what);
    this.what = what;
  }

  public What what() {
    return what;
  }
}
