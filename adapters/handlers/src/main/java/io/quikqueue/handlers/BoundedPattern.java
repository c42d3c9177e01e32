package io.quikqueue.handlers;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a schema, looked for in a text in a bounded number of steps: some need a
 * number that doubles with each character of the text.
 */
final class BoundedPattern implements RegularExpression {

  private static final int MAX_STEPS = 20_000_000;

  private final Pattern pattern;

  /**
   * @throws IllegalArgumentException when it is no regular expression
   */
  BoundedPattern(String regex) {
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("is no regular expression: " + e.getDescription(), e);
    }
  }

  /** The text takes too long to compare. */
  static final class TooManyStepsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyStepsException(String regex) {
      super("a text is too long or too odd for the pattern " + regex);
    }
  }

  @Override
  public boolean matches(String value) {
    return pattern.matcher(new Counted(value, pattern.pattern())).find();
  }

  private static final class Counted implements CharSequence {

    private final String text;
    private final String regex;
    private int steps;

    Counted(String text, String regex) {
      this.text = text;
      this.regex = regex;
    }

    @Override
    public char charAt(int index) {
      steps++;
      if (steps > MAX_STEPS) {
        throw new TooManyStepsException(regex);
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
