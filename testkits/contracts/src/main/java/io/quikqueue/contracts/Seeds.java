package io.quikqueue.contracts;

import java.util.stream.LongStream;

/** What random tests begin with; {@code -Dquikqueue.seed=N} repeats a run. */
public final class Seeds {

  public static final String PROPERTY = "quikqueue.seed";

  private Seeds() {}

  /** So many that are always the same, and one that never is; or the one that was given. */
  public static LongStream fixedAndFresh(int fixed) {
    Long given = Long.getLong(PROPERTY);
    return given != null
        ? LongStream.of(given)
        : LongStream.concat(LongStream.rangeClosed(1, fixed), LongStream.of(System.nanoTime()));
  }

  /** For the message of a failure. */
  public static String told(long seed) {
    return "-D" + PROPERTY + "=" + seed;
  }
}
