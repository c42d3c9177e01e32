package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a JSON text without the words of the library that found it. */
final class JsonErrors {

  /** A mistake as the library tells it, and as it is told here with what the library names. */
  private record Mistake(Pattern library, String plain) {
    static Mistake of(String library, String plain) {
      return new Mistake(Pattern.compile(library, Pattern.DOTALL), plain);
    }
  }

  /** Characters, with the sign that some were cut off. */
  private static final int LONGEST_NAMED = 41;

  private static final List<Mistake> MISTAKES =
      List.of(
          Mistake.of(
              "Unrecognized token '(.*?)': .*", "%s is not a value; text needs double quotes"),
          Mistake.of("Non-standard token '(.*?)': .*", "%s is not a number in JSON"),
          Mistake.of(
              "(?:Unexpected|Illegal) character \\(\\(.*",
              "a control character is not expected here"),
          Mistake.of(
              "Unexpected character \\('(.)'.*numeric value.*", "%s cannot stand in a number"),
          Mistake.of("Unexpected character \\('(..?)' \\(code.*", "%s is not expected here"),
          Mistake.of(
              "Unexpected close marker '(.)': expected '(.)'.*", "%s stands where %s should"),
          Mistake.of(
              "Illegal unquoted character.*", "a control character in a text must be escaped"),
          Mistake.of("Unrecognized character escape.*", "a backslash begins no known escape"),
          Mistake.of("Duplicate field '(.*)'.*", "the field '%s' is there twice"),
          Mistake.of(".*[Ll]eading zeroes.*", "a number must not begin with a zero"),
          Mistake.of(".*numeric value.*", "a number is malformed"));

  private JsonErrors() {}

  /** One line, without a place. */
  static String plain(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    return switch (e) {
      case StreamConstraintsException _ -> limit(message);
      case JsonEOFException _ -> "the body ends within a value";
      default -> plain(message);
    };
  }

  private static String limit(String message) {
    if (message.contains("nesting depth")) {
      return "the depth of its nesting is more than " + Json.MAX_DEPTH + " levels";
    }
    if (message.contains("Number")) {
      return "a number has more than 1,000 digits";
    }
    if (message.contains("Name")) {
      return "a name is longer than 50,000 characters";
    }
    return "a value is too long";
  }

  private static String plain(String message) {
    for (Mistake mistake : MISTAKES) {
      Matcher said = mistake.library().matcher(message);
      if (said.matches()) {
        Object[] named = new Object[said.groupCount()];
        Arrays.setAll(named, i -> Problem.cut(said.group(i + 1), LONGEST_NAMED));
        return mistake.plain().formatted(named);
      }
    }
    return "this is not JSON";
  }
}
