package io.quikqueue.rest;

import io.quikqueue.domain.job.Durations;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.jersey.uri.UriComponent;
import org.jspecify.annotations.Nullable;

/** The query of a request, read strictly: what is unknown, repeated or out of range is refused. */
final class QueryParameters {

  private final Map<String, List<String>> given;

  /**
   * @param once the parameters that may be there, once
   * @param repeatable the parameters that may be there more than once
   * @throws ProblemException naming a parameter that may not be there, or not twice
   */
  QueryParameters(HttpServletRequest request, Set<String> once, Set<String> repeatable) {
    given = parameters(request.getQueryString());
    given.forEach(
        (name, values) -> {
          if (!once.contains(name) && !repeatable.contains(name)) {
            throw refused(name, "is not a parameter of this request");
          }
          if (values.size() > 1 && once.contains(name)) {
            throw refused(name, "must be given once");
          }
        });
  }

  /** Refuses any parameter. */
  static void requireNone(HttpServletRequest request) {
    new QueryParameters(request, Set.of(), Set.of());
  }

  private static Map<String, List<String>> parameters(@Nullable String query) {
    if (query == null) {
      return Map.of();
    }
    try {
      String escaped = UriComponent.contextualEncode(query, UriComponent.Type.QUERY);
      return UriComponent.decodeQuery(escaped, true);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.of(400, "malformed-query", "Malformed query", "the query cannot be decoded"));
    }
  }

  @Nullable String text(String name) {
    List<String> values = given.get(name);
    return values == null ? null : values.getFirst();
  }

  /** The constant whose word it is; null = it is not asked for. */
  <E extends Enum<E>> @Nullable E word(String name, Class<E> of) {
    String word = text(name);
    E found = word == null ? null : Words.find(of, word);
    if (word != null && found == null) {
      throw refused(name, Words.oneOf(of));
    }
    return found;
  }

  List<String> texts(String name) {
    return given.getOrDefault(name, List.of());
  }

  int integer(String name, int least, int most, int usual) {
    String text = text(name);
    if (text == null) {
      return usual;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, as for a number out of range
    }
    throw refused(name, "must be a whole number from " + least + " to " + most);
  }

  /** Zero when it is not there. */
  Duration duration(String name, Duration most) {
    String text = text(name);
    if (text == null) {
      return Duration.ZERO;
    }
    Duration value = Durations.parse(text);
    if (value == null || value.isNegative() || value.compareTo(most) > 0) {
      throw refused(
          name, "must be a duration such as \"20s\", at most \"" + Durations.text(most) + "\"");
    }
    return value;
  }

  static ProblemException refused(String name, String detail) {
    return new ProblemException(Problems.invalidParameter(name, detail));
  }
}
