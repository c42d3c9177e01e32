package io.quikqueue.cli;

/** What the service would not do, in its own words. */
final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }
}
