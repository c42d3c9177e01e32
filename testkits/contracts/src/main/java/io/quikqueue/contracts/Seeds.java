package io.quikqueue.contracts;

import java.util.stream.LongStream;

/**
 * What random tests begin with: always the same, so that a change is what turns a test red. {@code
 * -Dquikqueue.seed=N} tries another.
 */
public final class Seeds {

  public static final String PROPERTY = "quikqueue.seed";

  private Seeds() {}

  /** So many; or the one that was given. */
  public static LongStream of(int count) {
    Long given = Long.getLong(PROPERTY);
    return given != null ? LongStream.of(given) : LongStream.rangeClosed(1, count);
  }

  /** For the message of a failure. */
  public static String told(long seed) {
    return "-D" + PROPERTY + "=" + seed;
  }
}
