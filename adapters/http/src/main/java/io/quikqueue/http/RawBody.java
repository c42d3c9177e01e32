package io.quikqueue.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes of an answer's body, as they came.
 *
 * @param end why there are no more
 */
record RawBody(byte[] bytes, End end) {

  static final RawBody NONE = new RawBody(new byte[0], End.WHOLE);

  /** What a call may read without asking the budget. */
  static final int SMALL = 64 * 1024;

  private static final int BLOCK = 8 * 1024;

  /** Why a body ends where it does. */
  enum End {
    /** It is all there. */
    WHOLE,
    /** It was longer than what is kept. */
    TOO_LARGE,
    /** The connection broke, or time was over. */
    BROKEN,
    /** There was none to be, or nobody wants it: it was not read. */
    LEFT,
    /** The worker's calls held too many bytes already. */
    NO_ROOM
  }

  /**
   * Reads up to a number of bytes. What goes wrong on the way ends the body and nothing else.
   *
   * @param maxBytes at least 1
   * @param share asked for room when the body turns out not to be small
   * @param deadline when waiting for room ends, by {@link System#nanoTime()}
   */
  static RawBody read(InputStream in, int maxBytes, ByteBudget.Share share, long deadline)
      throws InterruptedException {
    byte[] bytes = new byte[Math.min(maxBytes, BLOCK)];
    int length = 0;
    while (true) {
      int read;
      try {
        read = length < bytes.length ? in.read(bytes, length, bytes.length - length) : in.read();
      } catch (IOException e) {
        return new RawBody(Arrays.copyOf(bytes, length), End.BROKEN);
      }
      if (read < 0) {
        return new RawBody(Arrays.copyOf(bytes, length), End.WHOLE);
      }
      if (length < bytes.length) {
        length += read;
        continue;
      }
      if (length == maxBytes) {
        return new RawBody(bytes, End.TOO_LARGE);
      }
      if (length == Math.min(SMALL, maxBytes)
          && !share.take(maxBytes - SMALL, deadline - System.nanoTime())) {
        return new RawBody(bytes, End.NO_ROOM);
      }
      int more = length < SMALL ? Math.min(SMALL, length * 2) : length * 2;
      bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, (long) more));
      bytes[length++] = (byte) read;
    }
  }
}
