package io.quikqueue.sql;

import org.jspecify.annotations.Nullable;

/** A row that the database does not take; nothing of its transaction was written. */
final class BadRowException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean duplicate;

  BadRowException(@Nullable Throwable cause, boolean duplicate) {
    super(cause);
    this.duplicate = duplicate;
  }

  /** Whether the reason is that there is a row of this key. */
  boolean duplicate() {
    return duplicate;
  }
}
