package io.quikqueue.domain.job;

import io.quikqueue.domain.json.JsonCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What makes a node of a workflow one for each item of a list: its own job runs nothing but adds
 * those nodes, and is done.
 *
 * @param from the reference to the list
 * @param max items that the list may have, 1 to {@value #MOST}
 * @param optional whether the failure of one of these nodes counts as success, as that of the node
 *     itself does
 */
public record ForEach(String from, int max, boolean optional) {

  /** As many as a workflow may have nodes. */
  public static final int MOST = 10_000;

  /** Items where nothing else is said. */
  public static final int USUAL = 1_000;

  /** Stands where a {@link NodeWait} has its length, which is never this. */
  static final long MARK = Long.MIN_VALUE;

  private static final int FIXED = Long.BYTES + Integer.BYTES + 1;

  public ForEach {
    if (max < 1 || max > MOST) {
      throw new IllegalArgumentException("a node is for 1 to 10,000 items");
    }
  }

  /** What the job results in when it has added this many nodes. */
  public static String result(int nodes) {
    return "{\"count\":" + nodes + "}";
  }

  /**
   * How many nodes it has added.
   *
   * @param result as {@link #result} gave it
   */
  public static int count(String result) {
    JsonCursor cursor = new JsonCursor(result);
    cursor.require('{');
    cursor.string();
    cursor.require(':');
    return Integer.parseInt(cursor.word());
  }

  int size() {
    return FIXED + from.getBytes(StandardCharsets.UTF_8).length;
  }

  void write(ByteBuffer to) {
    to.putLong(MARK).putInt(max).put((byte) (optional ? 1 : 0));
    to.put(from.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads what follows the mark. */
  static ForEach read(ByteBuffer in) {
    int max = in.getInt();
    boolean optional = in.get() != 0;
    byte[] from = new byte[in.remaining()];
    in.get(from);
    return new ForEach(new String(from, StandardCharsets.UTF_8), max, optional);
  }
}
