package io.quikqueue.domain.access;

/** There would be no active user left who is an admin; nothing was changed. */
public final class LastAdminException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** As the last of them. */
  public LastAdminException() {
    super("the last active admin");
  }
}
