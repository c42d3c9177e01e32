package io.quikqueue.domain.job;

/** A value that a job cannot have. Names the field at fault as the REST API spells it. */
public sealed class InvalidFieldException extends IllegalArgumentException
    permits InvalidPayloadException, OutOfScopeException {

  private static final long serialVersionUID = 1L;

  private final String field;
  private final String problem;

  public InvalidFieldException(String field, String problem) {
    super(field + ": " + problem);
    this.field = field;
    this.problem = problem;
  }

  public String field() {
    return field;
  }

  /** What is wrong, without the name of the field. */
  public String problem() {
    return problem;
  }
}
