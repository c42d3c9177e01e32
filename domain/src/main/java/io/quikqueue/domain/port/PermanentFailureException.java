package io.quikqueue.domain.port;

import org.jspecify.annotations.Nullable;

/** A handler's word that trying again is pointless. */
public final class PermanentFailureException extends Exception {

  private static final long serialVersionUID = 1L;

  public PermanentFailureException(@Nullable String message) {
    super(message);
  }

  public PermanentFailureException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
