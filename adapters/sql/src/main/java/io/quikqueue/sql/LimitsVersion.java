package io.quikqueue.sql;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code limits_version}. Each change of limits, and of what is in force with them, first
 * locks the one row of it until its commit, so that changes happen one after another. The version
 * is at least the time in microseconds: a database that was restored from a backup does not give
 * one out again.
 */
final class LimitsVersion {

  private static final String LOCK = "SELECT version FROM limits_version WHERE id = 1 <for_update>";
  private static final String FIRST =
      "INSERT INTO limits_version (id, version) VALUES (1, 0) <keep_existing>";
  private static final String RAISE =
      """
      UPDATE limits_version SET version = CASE WHEN version < <now> THEN <now> ELSE version + 1 END
      WHERE id = 1\
      """;
  private static final String READ = "SELECT version FROM limits_version WHERE id = 1";

  private LimitsVersion() {}

  static void lock(Handle handle, Dialect dialect) {
    if (locked(handle).isEmpty()) {
      handle.createUpdate(FIRST).define("keep_existing", dialect.keepExisting("id")).execute();
      locked(handle);
    }
  }

  private static Optional<Long> locked(Handle handle) {
    return handle.select(LOCK).mapTo(Long.class).findOne();
  }

  /** Returns the new version. */
  static long raise(Handle handle) {
    handle.createUpdate(RAISE).execute();
    return read(handle);
  }

  /** 0 = there never was a limit. */
  static long read(Handle handle) {
    return handle.select(READ).mapTo(Long.class).findOne().orElse(0L);
  }
}
