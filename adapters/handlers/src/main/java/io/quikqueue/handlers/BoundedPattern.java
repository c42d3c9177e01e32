package io.quikqueue.handlers;

import com.networknt.schema.regex.RegularExpression;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a schema, looked for in a bounded number of steps: some need a number
 * that doubles with each character of the text.
 */
final class BoundedPattern implements RegularExpression {

  private static final int STEPS_IN_ALL = 100_000;

  private static final int STEPS_PER_CHARACTER = 20;

  private static final ScopedValue<Steps> STEPS = ScopedValue.newInstance();

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

  /** The texts take too long to compare. */
  static final class TooManyStepsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyStepsException(String regex) {
      super("its texts are too long or too odd for the pattern " + regex);
    }
  }

  /**
   * Runs a check, all patterns and texts of which share the steps.
   *
   * @param length of the payload that is checked, in characters
   */
  static <T> T together(int length, Supplier<T> check) {
    return ScopedValue.where(STEPS, new Steps(length)).call(check::get);
  }

  @Override
  public boolean matches(String value) {
    Steps steps = STEPS.isBound() ? STEPS.get() : new Steps(value.length());
    return pattern.matcher(new Counted(value, pattern.pattern(), steps)).find();
  }

  private static final class Steps {

    private long left;

    Steps(int length) {
      left = STEPS_IN_ALL + (long) STEPS_PER_CHARACTER * length;
    }
  }

  private static final class Counted implements CharSequence {

    private final String text;
    private final String regex;
    private final Steps steps;

    Counted(String text, String regex, Steps steps) {
      this.text = text;
      this.regex = regex;
      this.steps = steps;
    }

    @Override
    public char charAt(int index) {
      steps.left--;
      if (steps.left < 0) {
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
