package io.quikqueue.domain.batch;

/**
 * More was asked for than can be done now. What was asked for was not tried; it may be asked for
 * again later.
 */
public final class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public OverloadedException() {
    super("more was asked for than can be done now");
  }
}
