package io.quikqueue.domain.access;

import io.quikqueue.domain.job.InvalidFieldException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

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

  private static final int FEWEST_DIFFERENT = 4;

  /** What has to be left of it without names. */
  private static final int FEWEST_UNKNOWN = 8;

  private static final int SHORTEST_WORD = 3;
  private static final int MOST_WORDS = 20;
  private static final String KEYBOARD = "qwertyuiop\nasdfghjkl\nzxcvbnm";

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
    String folded = text.toLowerCase(Locale.ROOT);
    if (folded.codePoints().distinct().count() < FEWEST_DIFFERENT
        || jumps(folded) < FEWEST_DIFFERENT
        || withoutNames(folded, whose).length() < FEWEST_UNKNOWN) {
      throw new InvalidFieldException(
          field, "is too easy to guess: a sequence, few characters, or little more than a name");
    }
  }

  /** How often a character does not follow the one before in the alphabet or on a keyboard. */
  private static int jumps(String text) {
    int jumps = 0;
    for (int i = 1; i < text.length(); i++) {
      char last = text.charAt(i - 1);
      char next = text.charAt(i);
      int from = KEYBOARD.indexOf(last);
      int to = KEYBOARD.indexOf(next);
      boolean isStep =
          Math.abs(last - next) <= 1 || from >= 0 && to >= 0 && Math.abs(from - to) == 1;
      jumps += isStep ? 0 : 1;
    }
    return jumps;
  }

  /** What is left without the words that everybody would try first with this account. */
  private static String withoutNames(String text, User.Profile whose) {
    String left = text;
    String known = "quikqueue password passwort " + whose.name() + " " + whose.email();
    for (String word : known.toLowerCase(Locale.ROOT).split("[\\s@.]+", MOST_WORDS)) {
      if (word.length() >= SHORTEST_WORD) {
        left = left.replace(word, "");
      }
    }
    return left;
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
