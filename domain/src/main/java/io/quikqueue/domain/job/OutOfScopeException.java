package io.quikqueue.domain.job;

/** A value that a job may have, but not at the wish of who asks: it is outside their scope. */
public final class OutOfScopeException extends InvalidFieldException {

  private static final long serialVersionUID = 1L;

  public OutOfScopeException(String field, String problem) {
    super(field, problem);
  }
}
