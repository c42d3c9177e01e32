package io.quikqueue.domain.workflow;

import io.quikqueue.domain.json.JsonCursor;
import io.quikqueue.domain.workflow.References.Place;
import io.quikqueue.domain.workflow.References.UnresolvedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What references stand for, each looked up once, within a bound of what is looked through. */
final class ReferenceValues {

  /** Characters of results that are looked through for paths. */
  private static final long MOST_SEARCHED = 64L << 20;

  private final Map<String, String> results;
  private final Map<String, String> missing;
  private final Map<String, String> found = new HashMap<>();
  private final @Nullable ReferenceValues others;
  private long searched;

  /**
   * @param results JSON texts by the names of nodes, each of a node that ended without failure; a
   *     node that is not among them ended without result, and {@code null} stands for it as a whole
   * @param missing why the results of nodes that succeeded are not there
   */
  ReferenceValues(Map<String, String> results, Map<String, String> missing) {
    this(results, missing, null);
  }

  private ReferenceValues(
      Map<String, String> results, Map<String, String> missing, @Nullable ReferenceValues others) {
    this.results = results;
    this.missing = missing;
    this.others = others;
  }

  /** These, and others for the names in {@code own}. All of them together are within the bound. */
  ReferenceValues with(Map<String, String> own) {
    return new ReferenceValues(own, Map.of(), this);
  }

  /**
   * The payload with values in the places of its references.
   *
   * @throws UnresolvedException when a path leads nowhere, a result is missing, or it becomes too
   *     long
   */
  String putInto(String payload, List<Place> places, int mostChars) throws UnresolvedException {
    StringBuilder out = new StringBuilder(payload.length());
    int at = 0;
    for (Place place : places) {
      out.append(payload, at, place.start()).append(of(place.text()));
      at = place.end();
      if (out.length() > mostChars) {
        break;
      }
    }
    out.append(payload, at, payload.length());
    if (out.length() > mostChars) {
      throw new UnresolvedException(
          "with the results in it the payload has more than " + mostChars + " characters");
    }
    return out.toString();
  }

  /**
   * What a reference stands for.
   *
   * @throws UnresolvedException when its path leads nowhere, or the result is missing
   */
  String of(String text) throws UnresolvedException {
    String known = found.get(text);
    if (known != null) {
      return known;
    }
    Reference reference = Reference.parse(text);
    if (reference == null) {
      throw new UnresolvedException("$from: \"" + text + "\" is no reference");
    }
    if (others != null && !results.containsKey(reference.node())) {
      return others.of(text);
    }
    String why = missing.get(reference.node());
    if (why != null) {
      throw new UnresolvedException(
          "$from: \"" + reference + "\": node " + reference.node() + " has no result: " + why);
    }
    String result = results.get(reference.node());
    search(reference.path().isEmpty() || result == null ? 0 : result.length());
    String value = value(reference, result);
    found.put(text, value);
    return value;
  }

  private void search(int chars) throws UnresolvedException {
    if (others != null) {
      others.search(chars);
      return;
    }
    searched += chars;
    if (searched > MOST_SEARCHED) {
      throw new UnresolvedException("$from: too many paths into results that are too long");
    }
  }

  private static String value(Reference reference, @Nullable String result)
      throws UnresolvedException {
    if (reference.path().isEmpty()) {
      return result == null ? "null" : result;
    }
    String value = result == null ? null : follow(result, reference.path());
    if (value == null) {
      throw new UnresolvedException(
          "$from: \"" + reference + "\" leads nowhere in the result of " + reference.node());
    }
    return value;
  }

  /** Null = the path leads nowhere. */
  private static @Nullable String follow(String json, List<String> path) {
    JsonCursor cursor = new JsonCursor(json);
    for (String step : path) {
      boolean there =
          switch (cursor.peek()) {
            case '{' -> toField(cursor, step);
            case '[' -> toItem(cursor, step);
            default -> false;
          };
      if (!there) {
        return null;
      }
    }
    int start = cursor.position();
    return json.substring(start, cursor.skipValue());
  }

  private static boolean toField(JsonCursor cursor, String name) {
    cursor.require('{');
    while (cursor.peek() == '"') {
      boolean wanted = cursor.string().equals(name);
      cursor.require(':');
      if (wanted) {
        return true;
      }
      cursor.skipValue();
      cursor.skip(',');
    }
    return false;
  }

  private static boolean toItem(JsonCursor cursor, String step) {
    int index = Reference.index(step);
    if (index < 0) {
      return false;
    }
    cursor.require('[');
    for (int left = index; left > 0 && cursor.peek() != ']'; left--) {
      cursor.skipValue();
      cursor.skip(',');
    }
    return cursor.peek() != ']';
  }
}
