package io.quikqueue.handler;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler when another attempt would be pointless: the job fails at once, for good. */
public final class PermanentFailure extends Exception {

  private static final long serialVersionUID = 1L;

  public PermanentFailure(@Nullable String message) {
    super(message);
  }

  public PermanentFailure(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
