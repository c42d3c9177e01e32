package io.quikqueue.handler;

/**
 * Ends an attempt from within: its job sleeps and goes on later, or has moved on without it. It is
 * an error and no exception, so that no handler takes it for a failure of its own; let it pass. An
 * attempt whose handler does not is ended all the same.
 */
public final class AttemptEnded extends Error {

  private static final long serialVersionUID = 1L;

  public AttemptEnded(String message) {
    super(message, null, false, false);
  }
}
