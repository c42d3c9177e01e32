package io.quikqueue.domain.usecase.lease;

/** A pull worker holds as many jobs already as one may. Nothing was leased. */
public final class TooManyLeasesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int most;

  TooManyLeasesException(String worker, int most) {
    super("worker " + worker + " holds " + most + " jobs or more");
    this.most = most;
  }

  /** How many jobs one may hold. */
  public int most() {
    return most;
  }
}
