package io.quikqueue.domain.workflow;

import io.quikqueue.domain.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The references in a payload: objects of the form <code>{"$from": "node.path"}</code> with nothing
 * else in them, anywhere. Takes time in proportion to the text.
 */
public final class References {

  /** In one payload. */
  public static final int MOST = 10_000;

  private static final String FIELD = "\"$from\"";

  /**
   * A reference where it stands.
   *
   * @param text as the client wrote it
   * @param start of the object
   * @param end behind it
   */
  public record Place(String text, int start, int end) {}

  /** The payload cannot be made, as its message says. */
  public static final class UnresolvedException extends Exception {

    private static final long serialVersionUID = 1L;

    UnresolvedException(String message) {
      super(message);
    }
  }

  private References() {}

  /** All of them, in order; {@code payload} is JSON. */
  public static List<Place> in(String payload) {
    if (!payload.contains(FIELD)) {
      return List.of();
    }
    List<Place> places = new ArrayList<>();
    int at = 0;
    while (at < payload.length()) {
      char c = payload.charAt(at);
      if (c == '"') {
        at = new JsonCursor(payload, at).skipValue();
      } else if (c == '{') {
        Place place = at(payload, at);
        at = place == null ? at + 1 : place.end();
        if (place != null) {
          places.add(place);
        }
      } else {
        at++;
      }
    }
    return places;
  }

  private static @Nullable Place at(String payload, int start) {
    JsonCursor cursor = new JsonCursor(payload, start);
    cursor.require('{');
    if (!payload.startsWith(FIELD, cursor.position())) {
      return null;
    }
    cursor.string();
    cursor.require(':');
    if (cursor.peek() != '"') {
      return null;
    }
    String text = cursor.string();
    return cursor.skip('}') ? new Place(text, start, cursor.at()) : null;
  }

  /** The payload with other texts in the places of references. */
  public static String replaced(String payload, Function<Place, String> by) {
    StringBuilder out = new StringBuilder(payload.length());
    int at = 0;
    for (Place place : in(payload)) {
      out.append(payload, at, place.start()).append(by.apply(place));
      at = place.end();
    }
    return out.append(payload, at, payload.length()).toString();
  }

  /**
   * As {@link #resolve(String, Map, Map, int)}, where no result is missing.
   *
   * @throws UnresolvedException when a path leads nowhere, or it becomes too long
   */
  public static String resolve(String payload, Map<String, String> results, int mostChars)
      throws UnresolvedException {
    return resolve(payload, results, Map.of(), mostChars);
  }

  /**
   * The payload with results in the places of the references.
   *
   * @param results JSON texts by the names of nodes, each of a node that ended without failure; a
   *     node that is not among them ended without result, and {@code null} stands for it as a whole
   * @param missing why the results of nodes that succeeded are not there
   * @param mostChars that it may have then
   * @throws UnresolvedException when a path leads nowhere, a result is missing, or it becomes too
   *     long
   */
  public static String resolve(
      String payload, Map<String, String> results, Map<String, String> missing, int mostChars)
      throws UnresolvedException {
    return new ReferenceValues(results, missing).putInto(payload, in(payload), mostChars);
  }
}
