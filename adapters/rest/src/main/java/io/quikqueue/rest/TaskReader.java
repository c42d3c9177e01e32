package io.quikqueue.rest;

import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"a": 1, "b": 2}}, the numbers of the tasks that calculate; used once. */
final class TaskReader {

  /** The limits of the handlers that calculate, so that what is taken here does not fail there. */
  private static final int MAX_DIGITS = 30;

  private static final BigDecimal MOST = new BigDecimal("1e31");
  private static final int MAX_CHARS = 100;
  private static final String NUMBER =
      "must be a number from -1e31 to 1e31 with at most 30 digits, and as many decimal places";

  private @Nullable Operand a;
  private @Nullable Operand b;

  /**
   * A number.
   *
   * @param text as the client wrote it
   */
  record Operand(String text, BigDecimal value) {}

  /** What a task works on. */
  record Operands(Operand a, Operand b) {

    String json() {
      return "{\"a\":" + a.text() + ",\"b\":" + b.text() + "}";
    }
  }

  private TaskReader() {}

  /**
   * The numbers in a body.
   *
   * @throws ProblemException when it is anything else, or they are out of range
   */
  static Operands read(String json) {
    TaskReader reader = new TaskReader();
    JsonReader.read(json, Source.START, reader::document);
    Operand first = reader.a;
    Operand second = reader.b;
    if (first == null || second == null) {
      throw new IllegalStateException("the reader let a missing number pass");
    }
    return new Operands(first, second);
  }

  /** Whether a task can take the number that another made. */
  static boolean isTaken(BigDecimal number) {
    return number.precision() <= MAX_DIGITS
        && Math.abs(number.scale()) <= MAX_DIGITS
        && number.abs().compareTo(MOST) <= 0;
  }

  private void document(JsonReader json) throws IOException {
    json.object(
        "",
        name -> {
          switch (name) {
            case "a" -> a = operand(json, name);
            case "b" -> b = operand(json, name);
            default -> json.unknown(name);
          }
        });
    if (a == null) {
      json.missing("a");
    }
    if (b == null) {
      json.missing("b");
    }
  }

  private static @Nullable Operand operand(JsonReader json, String name) throws IOException {
    if (!json.isNumber()) {
      json.wrongType(name, "a number");
      return null;
    }
    String text = json.raw();
    BigDecimal value = text.length() > MAX_CHARS ? null : value(text);
    if (value == null || !isTaken(value)) {
      json.error(Problems.invalidValue(name, NUMBER));
      return null;
    }
    return new Operand(text, value);
  }

  private static @Nullable BigDecimal value(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null; // its exponent is beyond all bounds
    }
  }
}
