package io.quikqueue.domain.usecase.redact;

import io.quikqueue.domain.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds the values that paths name in a JSON text. It goes no deeper than the longest path. */
final class SecretSpans {

  /**
   * A value.
   *
   * @param start its first character
   * @param end behind its last one
   * @param pointer where it is, as a JSON Pointer
   */
  record Span(int start, int end, String pointer) {}

  private final JsonCursor cursor;
  private final List<Span> found = new ArrayList<>();
  private final Set<Integer> unknown;

  private SecretSpans(String json, Set<Integer> unknown) {
    this.cursor = new JsonCursor(json);
    this.unknown = unknown;
  }

  /**
   * The values, from first to last; none is in another.
   *
   * @throws IllegalArgumentException when the text is not JSON
   */
  static List<Span> find(String json, List<SecretPath> paths) {
    return find(json, paths, Set.of());
  }

  /**
   * Likewise, with the values that stand for others if a path leads into them.
   *
   * @param unknown where these begin
   */
  static List<Span> find(String json, List<SecretPath> paths, Set<Integer> unknown) {
    SecretSpans spans = new SecretSpans(json, unknown);
    spans.value(paths, 0, "");
    return spans.found;
  }

  private void value(List<SecretPath> paths, int depth, String pointer) {
    for (SecretPath path : paths) {
      if (path.length() == depth) {
        int start = cursor.position();
        found.add(new Span(start, cursor.skipValue(), pointer));
        return;
      }
    }
    if (!paths.isEmpty() && unknown.contains(cursor.position())) {
      int start = cursor.position();
      found.add(new Span(start, cursor.skipValue(), pointer));
      return;
    }
    char first = paths.isEmpty() ? ' ' : cursor.peek();
    if (first == '{') {
      object(paths, depth, pointer);
    } else if (first == '[') {
      array(paths, depth, pointer);
    } else {
      cursor.skipValue();
    }
  }

  private void object(List<SecretPath> paths, int depth, String pointer) {
    cursor.require('{');
    if (cursor.skip('}')) {
      return;
    }
    do {
      String name = cursor.string();
      cursor.require(':');
      child(paths, depth, pointer, name);
    } while (cursor.skip(','));
    cursor.require('}');
  }

  private void array(List<SecretPath> paths, int depth, String pointer) {
    cursor.require('[');
    if (cursor.skip(']')) {
      return;
    }
    int index = 0;
    do {
      child(paths, depth, pointer, Integer.toString(index++));
    } while (cursor.skip(','));
    cursor.require(']');
  }

  private void child(List<SecretPath> paths, int depth, String pointer, String name) {
    List<SecretPath> going = new ArrayList<>(paths.size());
    for (SecretPath path : paths) {
      if (path.matches(depth, name)) {
        going.add(path);
      }
    }
    String at = going.isEmpty() ? "" : pointer + '/' + name.replace("~", "~0").replace("/", "~1");
    value(going, depth + 1, at);
  }
}
