package io.quikqueue.sql;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Ids of groups of FAILED jobs, which tables hold as bytes. */
final class GroupId {

  private static final int BYTES = 16;

  private GroupId() {}

  /**
   * @param id 32 hexadecimal digits
   */
  static byte[] bytes(String id) {
    return HexFormat.of().parseHex(id);
  }

  /** The bytes of text that may be no id; null = it is none. */
  static byte @Nullable [] bytesIfAny(String text) {
    try {
      byte[] bytes = HexFormat.of().parseHex(text);
      return bytes.length == BYTES ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static String text(byte[] id) {
    return HexFormat.of().formatHex(Arrays.copyOf(id, BYTES));
  }
}
