package io.quikqueue.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as the tables hold them: microseconds since 1970. */
final class Micros {

  private static final long PER_SECOND = 1_000_000L;

  private Micros() {}

  /**
   * @throws ArithmeticException when the time is out of range
   */
  static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1000L);
  }

  static @Nullable Long orNull(@Nullable Instant instant) {
    return instant == null ? null : (Long) of(instant);
  }

  /** The time in a column, which may be null. */
  static @Nullable Instant read(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : toInstant(micros);
  }

  /** Likewise, by its name. */
  static @Nullable Instant read(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : toInstant(micros);
  }

  static Instant toInstant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1000L);
  }

  /** Whether a time is one that the tables can hold. */
  static boolean hold(@Nullable Instant instant) {
    if (instant == null) {
      return true;
    }
    try {
      of(instant);
      return true;
    } catch (ArithmeticException e) {
      return false;
    }
  }
}
