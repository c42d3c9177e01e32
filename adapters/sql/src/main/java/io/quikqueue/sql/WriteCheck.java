package io.quikqueue.sql;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether the database takes a write: reading works on a full disk and with a file that
 * cannot be written. A write that worked counts for five seconds.
 */
final class WriteCheck {

  private static final String INSERT =
      "INSERT INTO leases (name, holder, expires_at) VALUES (:name, '', 0)";
  private static final String DELETE = "DELETE FROM leases WHERE name = :name";
  private static final long GOOD_NANOS = Duration.ofSeconds(5).toNanos();

  private final Database database;
  private final LongSupplier nanoTime;
  private final String name = "write-check/" + UUID.randomUUID();
  private @Nullable Long worked;

  /**
   * @param nanoTime monotonic time
   */
  WriteCheck(Database database, LongSupplier nanoTime) {
    this.database = database;
    this.nanoTime = nanoTime;
  }

  /**
   * Writes a row and deletes it, in one transaction.
   *
   * @throws UnavailableException when that fails
   */
  synchronized void run() {
    Long last = worked;
    if (last != null && nanoTime.getAsLong() - last < GOOD_NANOS) {
      return;
    }
    worked = null;
    database.write(
        (handle, _) -> {
          handle.createUpdate(INSERT).bind("name", name).execute();
          return handle.createUpdate(DELETE).bind("name", name).execute();
        });
    worked = nanoTime.getAsLong();
  }
}
