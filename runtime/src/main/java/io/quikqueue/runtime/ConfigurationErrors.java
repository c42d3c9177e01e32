package io.quikqueue.runtime;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a configuration file, and never what a secret in it is. */
final class ConfigurationErrors {

  private static final Pattern SECRET =
      Pattern.compile("password|secret|token|url|uri|redis|user", Pattern.CASE_INSENSITIVE);

  private static final Pattern UNIT = Pattern.compile("(?<=\\d )[A-Z]{4,}$");

  private static final Pattern TWICE = Pattern.compile("Duplicate field '([^']*)'");

  /** A line of the message itself, not one of the file that it shows: these are further in. */
  private static final Pattern MARK =
      Pattern.compile("^ in '?[^\\s']+'?, line (\\d+), column (\\d+):", Pattern.MULTILINE);

  private static final int LONGEST = 1_000;

  private ConfigurationErrors() {}

  /** One line for each thing that is wrong; the first begins with the file. */
  static String describe(ConfigurationException e, String file, Variables variables) {
    if (e.getCause() instanceof JsonMappingException wrong) {
      String path = path(wrong);
      String variable = variables.origin(path);
      String name = variable == null ? path : path + " (" + variable + ")";
      return line(file + ": " + name + " " + reason(wrong, path));
    }
    if (e.getCause() instanceof JsonProcessingException malformed) {
      return line(file + place(malformed) + ": " + yaml(malformed.getOriginalMessage()));
    }
    Collection<String> errors = e.getErrors();
    return errors.stream()
        .map(
            error -> saysEmpty(error) ? "has no settings" : withVariable(inWords(error), variables))
        .map(error -> line(file + ": " + error))
        .collect(Collectors.joining("\n"));
  }

  /** Where the parser found it: the place that the exception has is that of the token before. */
  private static String place(JsonProcessingException malformed) {
    List<MatchResult> marks =
        MARK.matcher(String.valueOf(malformed.getOriginalMessage())).results().toList();
    if (!marks.isEmpty()) {
      return ":" + marks.getLast().group(1) + ":" + marks.getLast().group(2);
    }
    JsonLocation at = malformed.getLocation();
    return at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
  }

  /** On one line and not too long, whatever values are shown in it. */
  private static String line(String text) {
    return Printable.of(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
  }

  /** Of an empty file the library says so with the file's name in it. */
  private static boolean saysEmpty(String error) {
    return error.startsWith("Configuration at ") && error.endsWith(" must not be empty");
  }

  /** Of "at most 8 MEBIBYTES", which is how the library shows a unit, "at most 8 mebibytes". */
  private static String inWords(String error) {
    return UNIT.matcher(error).replaceAll(unit -> unit.group().toLowerCase(Locale.ROOT));
  }

  private static String withVariable(String error, Variables variables) {
    int space = error.indexOf(' ');
    String variable = space < 0 ? null : variables.origin(error.substring(0, space));
    return variable == null
        ? error
        : error.substring(0, space) + " (" + variable + ")" + error.substring(space);
  }

  /** What the parser says but the lines of the file that it shows, which may hold a secret. */
  private static String yaml(String message) {
    if (message.contains("Invalid UTF-8")) {
      return "is no text in UTF-8";
    }
    Matcher twice = TWICE.matcher(message);
    if (twice.lookingAt()) {
      return twice.group(1) + " stands there twice";
    }
    return "is no YAML: "
        + message
            .lines()
            .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
            .distinct()
            .collect(Collectors.joining(", "));
  }

  private static String reason(JsonMappingException wrong, String path) {
    if (wrong instanceof ValueInstantiationException unread) {
      Class<?> type = unread.getType().getRawClass();
      if (type == Duration.class || type == DataSize.class) {
        return expected(type);
      }
    }
    if (wrong instanceof InvalidTypeIdException unknown) {
      return unknown.getTypeId() == null
          ? "needs a type"
          : "has a type that is not known: " + unknown.getTypeId();
    }
    if (wrong instanceof UnrecognizedPropertyException unknown) {
      return "is no setting of this service" + suggestion(unknown);
    }
    if (wrong.getCause() instanceof IllegalArgumentException own && own.getMessage() != null) {
      return own.getMessage();
    }
    if (wrong instanceof InvalidFormatException invalid) {
      return expected(invalid.getTargetType())
          + (SECRET.matcher(path).find() ? "" : ", not " + invalid.getValue());
    }
    if (wrong instanceof MismatchedInputException mismatched) {
      return expected(mismatched.getTargetType());
    }
    return SECRET.matcher(path).find() ? "cannot be read" : firstLine(wrong.getOriginalMessage());
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "has the wrong form";
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "must be a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "must be a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "must be a list";
    }
    if (Map.class.isAssignableFrom(type)) {
      return "must be names with values, such as {name: value}";
    }
    if (type == Duration.class) {
      return "must be a time with its unit, such as 500ms, 30s or 5m";
    }
    if (type == DataSize.class) {
      return "must be a size with its unit, such as 64KiB or 1MiB";
    }
    String name = type.getSimpleName().toLowerCase(Locale.ROOT);
    return "must be a " + (name.endsWith("config") ? "group of settings" : name);
  }

  private static String suggestion(UnrecognizedPropertyException unknown) {
    List<String> known = unknown.getKnownPropertyIds().stream().map(String::valueOf).toList();
    return Nearest.of(unknown.getPropertyName(), known)
        .map(name -> "; is " + name + " meant?")
        .orElse(unknown.getPath().size() == 1 ? "; is it the file of another service?" : "");
  }

  private static String path(JsonMappingException wrong) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : wrong.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "the file" : path.toString();
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "cannot be read" : message.lines().findFirst().orElse("");
  }
}
