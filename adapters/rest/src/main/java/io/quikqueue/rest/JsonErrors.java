package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.regex.Pattern;

/** Says what is wrong with a JSON text without the words of the library that found it. */
final class JsonErrors {

  /** Names of classes, methods and switches of the library, and what only its callers can do. */
  private static final Pattern INNER =
      Pattern.compile(
          "[A-Z]{2,}_[A-Z_]+|[a-z]\\w*[A-Z]\\w*\\(|(Json|Stream)[A-Z]\\w+|Feature|\\bparser\\b"
              + "|\\bSource\\b|\\benabled?\\b");

  /** What the library adds in brackets or behind a colon. */
  private static final Pattern ADDITION =
      Pattern.compile("\\s*\\([^()]*(\\([^()]*\\)[^()]*)*\\)|:.*");

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
    if (!INNER.matcher(message).find()) {
      return message;
    }
    String cut = ADDITION.matcher(message).replaceAll("");
    return cut.isBlank() || INNER.matcher(cut).find() ? "this is not JSON" : cut;
  }
}
