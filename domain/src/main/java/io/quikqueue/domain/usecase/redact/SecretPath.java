package io.quikqueue.domain.usecase.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Names values in a JSON text: a JSON Pointer in which {@code *} stands for any name or index. */
final class SecretPath {

  private static final String ANY = "*";

  /** Is met by a step that stands for any, and by no name or index. */
  private static final String ANY_INDEX = "";

  private final List<Predicate<String>> steps;

  private SecretPath(List<Predicate<String>> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * @param pointer RFC 6901; empty = all of the text
   * @param most steps that it may have
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static SecretPath of(String pointer, int most) {
    List<Predicate<String>> steps = new ArrayList<>();
    if (!pointer.isEmpty()) {
      for (String step : pointer.substring(1).split("/", -1)) {
        if (step.matches(".*~(?![01]).*")) {
          throw new IllegalArgumentException("~ must be written as ~0, and / in a name as ~1");
        }
        String name = step.replace("~1", "/").replace("~0", "~");
        steps.add(step.equals(ANY) ? _ -> true : name::equals);
      }
    }
    if (steps.size() > most) {
      throw new IllegalArgumentException("must have at most " + most + " steps");
    }
    return new SecretPath(steps);
  }

  /** The fields of an object in a field, by their names in lower case. */
  static SecretPath fieldsOf(String object, Predicate<String> names) {
    return new SecretPath(
        List.of(object::equals, name -> names.test(name.toLowerCase(Locale.ROOT))));
  }

  /** Whether what stands at a path is, is in, or has in it such a value. */
  boolean overlaps(List<String> path) {
    for (int i = 0; i < Math.min(path.size(), steps.size()); i++) {
      if (!steps.get(i).test(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether what stands at a path in any item of a list is, is in, or has in it such a value.
   *
   * @param list the path of the list
   */
  boolean overlapsItem(List<String> list, List<String> path) {
    if (!overlaps(list)) {
      return false;
    }
    int item = list.size();
    if (item >= steps.size() || !steps.get(item).test(ANY_INDEX)) {
      return true; // all of the list is secret, or one item of it that may be this one
    }
    for (int i = 0; i < path.size() && item + 1 + i < steps.size(); i++) {
      if (!steps.get(item + 1 + i).test(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  int length() {
    return steps.size();
  }

  boolean matches(int step, String name) {
    return steps.get(step).test(name);
  }
}
