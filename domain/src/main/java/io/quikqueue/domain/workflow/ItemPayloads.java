package io.quikqueue.domain.workflow;

import io.quikqueue.domain.job.ForEach;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.json.JsonCursor;
import io.quikqueue.domain.workflow.References.Place;
import io.quikqueue.domain.workflow.References.UnresolvedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The payloads of the nodes that are made for the items of a list, from the payload of the node
 * that is one for each. What items and results have in them is data: no reference in it is
 * followed.
 */
public final class ItemPayloads {

  private ItemPayloads() {}

  /**
   * Makes them, in the order of the list.
   *
   * @param payload with references to the item, to its index and to other nodes
   * @param results and {@code missing} as for {@link References#resolve(String, Map, Map, int)}
   * @param room for so many nodes the workflow has
   * @param mostChars that one of them may have; together they have 4 MiB at most
   * @throws UnresolvedException when there is no list, it is too long, or one cannot be made
   */
  public static List<String> of(
      String payload,
      ForEach forEach,
      Map<String, String> results,
      Map<String, String> missing,
      int room,
      int mostChars)
      throws UnresolvedException {
    ReferenceValues others = new ReferenceValues(results, missing);
    List<String> items = items(others.of(forEach.from()), forEach);
    if (items.size() > room) {
      throw new UnresolvedException("for_each: " + Growth.TOO_LARGE);
    }
    List<Place> places = References.in(payload);
    List<String> payloads = new ArrayList<>(items.size());
    Map<String, String> own = new HashMap<>();
    long chars = 0;
    for (int i = 0; i < items.size(); i++) {
      own.put(Reference.ITEM, items.get(i));
      own.put(Reference.INDEX, Integer.toString(i));
      ReferenceValues values = others.with(own);
      String made;
      try {
        made = values.putInto(payload, places, mostChars);
      } catch (UnresolvedException e) {
        throw new UnresolvedException("for_each: item " + i + ": " + e.getMessage());
      }
      chars += made.length();
      if (chars > SpawnedNode.MOST_CHARS) {
        throw new UnresolvedException(
            "for_each: the payloads of its nodes would have more than 4 MiB together");
      }
      payloads.add(made);
    }
    return payloads;
  }

  private static List<String> items(String list, ForEach forEach) throws UnresolvedException {
    JsonCursor cursor = new JsonCursor(list);
    if (cursor.peek() != '[') {
      throw new UnresolvedException("for_each: \"" + forEach.from() + "\" is no list");
    }
    cursor.require('[');
    List<String> items = new ArrayList<>();
    int count = 0;
    while (cursor.peek() != ']') {
      int start = cursor.position();
      int end = cursor.skipValue();
      if (count++ < forEach.max()) {
        items.add(list.substring(start, end));
      }
      cursor.skip(',');
    }
    if (count > forEach.max()) {
      throw new UnresolvedException(
          "for_each: \"%s\" has %d items, and max is %d"
              .formatted(forEach.from(), count, forEach.max()));
    }
    return items;
  }
}
