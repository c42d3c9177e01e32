package io.quikqueue.rest;

import io.quikqueue.domain.json.JsonCursor;
import io.quikqueue.domain.workflow.Reference;
import io.quikqueue.domain.workflow.References;
import io.quikqueue.domain.workflow.References.Place;
import io.quikqueue.domain.workflow.References.UnresolvedException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a workflow have in common: a JSON object that is written into payloads in the
 * places of <code>{"$from": "context.path"}</code>, once, when the workflow is read. So its values
 * are checked, encrypted and masked as what else is in a payload. Used by one thread.
 */
final class WorkflowContext {

  static final String NAME = "context";

  /** Characters that it may have. */
  static final int MOST_CHARS = 16 << 10;

  /** Different references to it: each is looked for in all of it. */
  static final int MOST_REFERENCES = 1_000;

  /** Characters that it may become in all payloads together. */
  static final int MOST_WRITTEN = 4 << 20;

  private final String json;
  private final int maxNode;
  private final Map<String, String> values = new HashMap<>();
  private int written;

  private WorkflowContext(String json, int maxNode) {
    this.json = json;
    this.maxNode = maxNode;
  }

  /**
   * Reads one; null = what is there is none, which the reader is told.
   *
   * @param maxNode the most bytes of a payload once values are written into it
   */
  static @Nullable WorkflowContext read(JsonReader json, int maxNode) throws IOException {
    if (!json.isObject()) {
      json.wrongType(NAME, "an object");
      return null;
    }
    String raw = json.raw();
    if (raw.length() > MOST_CHARS) {
      json.error(Problems.invalidValue(NAME, "must have at most " + MOST_CHARS + " characters"));
      return null;
    }
    List<Place> references = References.in(raw);
    if (!references.isEmpty()) {
      String problem = "has a $from in it, and a context refers to nothing";
      json.error(Problems.invalidValue(field(raw, references.getFirst()), problem));
      return null;
    }
    return new WorkflowContext(raw, maxNode);
  }

  /** The field of the context that a place is in; all of it where that is the place. */
  private static String field(String raw, Place place) {
    JsonCursor cursor = new JsonCursor(raw);
    cursor.require('{');
    String name = cursor.string();
    cursor.require(':');
    while (cursor.skipValue() <= place.start() && cursor.skip(',')) {
      name = cursor.string();
      cursor.require(':');
    }
    return place.start() > 0 && Reference.isName(name) ? NAME + "." + name : NAME;
  }

  /**
   * The payload with values in the places of references to the context; those to nodes stay.
   *
   * @param field the payload in the request, for the problem
   * @throws ProblemException 422 when a reference leads nowhere, or it becomes too large
   */
  String writeInto(String payload, String field) {
    String made =
        References.replaced(
            payload,
            place -> {
              String reference = payload.substring(place.start(), place.end());
              return refersHere(place) ? value(place, reference, field) : reference;
            });
    if (made.length() > payload.length() && new ShorthandReferences(maxNode).isTooLarge(made)) {
      throw ShorthandReferences.refused(
          field, "with the context written into it must be at most " + maxNode + " bytes");
    }
    return made;
  }

  private static boolean refersHere(Place place) {
    return place.text().equals(NAME) || place.text().startsWith(NAME + ".");
  }

  private String value(Place place, String reference, String field) {
    String value = values.get(place.text());
    if (value == null) {
      if (values.size() == MOST_REFERENCES) {
        throw ShorthandReferences.refused(
            field,
            "has one reference too many: at most 1,000 different ones to the context may be in a"
                + " workflow");
      }
      try {
        value = References.resolve(reference, Map.of(NAME, json), MOST_CHARS);
      } catch (UnresolvedException e) {
        throw ShorthandReferences.refused(field, "has a $from that leads nowhere in the context");
      }
      values.put(place.text(), value);
    }
    written += value.length();
    if (written > MOST_WRITTEN) {
      throw ShorthandReferences.refused(
          field, "is one too many: the context may become at most 4 Mi characters in all payloads");
    }
    return value;
  }
}
