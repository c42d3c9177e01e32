package io.quikqueue.rest;

/** Ends a request with a problem document. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false); // the client is at fault: no one reads the stack
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
