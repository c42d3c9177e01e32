package io.quikqueue.rest;

/**
 * What the answer to a batch tells of its wrong items: everything of the first ones, and of what
 * kind it is of the others, so that a batch of wrong items takes no memory that others need. For
 * one batch and one thread.
 */
final class ToldProblems {

  private static final int MOST_CHARS = 1 << 20;

  private int chars;

  /** The problem, or its kind alone where the others fill the answer. */
  Problem told(Problem problem) {
    int more = chars(problem);
    if (chars + more > MOST_CHARS) {
      return Problem.of(
          problem.status(),
          problem.kind(),
          problem.title(),
          "not told in full, since so much is wrong with the items before");
    }
    chars += more;
    return problem;
  }

  /** How much is told in full. */
  int chars() {
    return chars;
  }

  private static int chars(Problem problem) {
    int chars = problem.detail().length();
    for (Problem.FieldError error : problem.errors()) {
      chars += error.kind().length() + error.field().length() + error.detail().length();
    }
    return chars;
  }
}
