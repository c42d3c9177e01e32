package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;

/** A password as somebody sent it; never part of any text. */
public record Password(String text) {

  /** Fewest characters of a new one. */
  public static final int FEWEST = 12;

  /** Most characters of any. */
  public static final int MOST = 200;

  /**
   * Throws an {@link InvalidFieldException} when somebody cannot take this as their password.
   *
   * @param field where it was sent
   */
  public void requireGood(String field, User.Profile whose) {
    int length = text.codePointCount(0, text.length());
    if (length < FEWEST || length > MOST) {
      throw new InvalidFieldException(
          field, "must have %d to %d characters".formatted(FEWEST, MOST));
    }
    if (text.codePoints().distinct().count() < 4
        || text.equalsIgnoreCase(whose.email())
        || text.equalsIgnoreCase(whose.name())) {
      throw new InvalidFieldException(field, "is too easy to guess");
    }
  }

  /** Whether it can be anybody's. */
  public boolean isPossible() {
    return !text.isEmpty() && text.length() <= 2 * MOST;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "password";
  }
}
