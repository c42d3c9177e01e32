package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * A password; never part of any text.
 *
 * @param text in the composed form of Unicode (NFC), so that it is the same from every keyboard
 */
public record Password(String text) {

  /** Fewest characters of a new one. */
  public static final int FEWEST = 12;

  /** Most characters of any. */
  public static final int MOST = 200;

  /** Most UTF-16 units that are looked at: a character may be sent as several. */
  private static final int MOST_SENT = 5 * MOST;

  /** What is too long for a password stays as it was sent, since to compose it may take long. */
  public Password {
    if (text.length() <= MOST_SENT) {
      text = Normalizer.normalize(text, Form.NFC);
    }
  }

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
