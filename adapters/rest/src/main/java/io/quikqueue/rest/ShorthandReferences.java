package io.quikqueue.rest;

import io.quikqueue.domain.workflow.References;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes out the references of shorthands as references to nodes; a payload that gets too large so
 * is refused with a 422 that names the field.
 */
final class ShorthandReferences {

  private static final String PREVIOUS = "previous";
  private static final String GROUP = "group";

  private final int maxNode;

  ShorthandReferences(int maxNode) {
    this.maxNode = maxNode;
  }

  boolean isTooLarge(String text) {
    return text.length() > maxNode || text.getBytes(StandardCharsets.UTF_8).length > maxNode;
  }

  static ProblemException refused(String field, String detail) {
    return new ProblemException(Problem.ofFields(List.of(Problems.invalidValue(field, detail))));
  }

  /** A payload that refers to the job before, which has the name {@code previous}. */
  String toPrevious(String payload, String previous, String field) {
    return replaced(
        payload,
        field,
        place ->
            place.text().equals(PREVIOUS) || place.text().startsWith(PREVIOUS + ".")
                ? reference(previous + place.text().substring(PREVIOUS.length()))
                : payload.substring(place.start(), place.end()));
  }

  /**
   * A payload that refers to all of a group, whose result is a list in order, or a map when its
   * jobs have names.
   */
  String toGroup(String payload, List<String> all, boolean named, String field) {
    long references =
        References.in(payload).stream()
            .mapToLong(place -> place.text().equals(GROUP) ? all.size() : 1)
            .sum();
    if (references > References.MOST) {
      throw refused(field, "must have at most 10,000 references, one to each job of the group");
    }
    return replaced(
        payload,
        field,
        place -> {
          if (place.text().equals(GROUP)) {
            return all.stream()
                .map(job -> named ? Json.quoted(job) + ":" + reference(job) : reference(job))
                .collect(Collectors.joining(",", named ? "{" : "[", named ? "}" : "]"));
          }
          if (!place.text().startsWith(GROUP + ".")) {
            return payload.substring(place.start(), place.end());
          }
          String inner = place.text().substring(GROUP.length() + 1);
          boolean index = !named && !inner.isEmpty() && Character.isDigit(inner.charAt(0));
          return reference(index ? "job-" + inner : inner);
        });
  }

  /** Likewise as in {@link References}, but refuses what becomes too large, and early. */
  private String replaced(String payload, String field, Function<References.Place, String> by) {
    String tooLarge = "with its references written out must be at most " + maxNode + " bytes";
    long[] written = {0};
    String made =
        References.replaced(
            payload,
            place -> {
              String text = by.apply(place);
              written[0] += text.length();
              if (written[0] > maxNode) {
                throw refused(field, tooLarge);
              }
              return text;
            });
    if (isTooLarge(made)) {
      throw refused(field, tooLarge);
    }
    return made;
  }

  private static String reference(String text) {
    return "{\"$from\":" + Json.quoted(text) + "}";
  }
}
