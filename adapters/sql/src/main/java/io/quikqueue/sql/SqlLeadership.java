package io.quikqueue.sql;

import io.quikqueue.domain.port.Leadership;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** The table {@code leases}, by the store's clock. */
final class SqlLeadership implements Leadership {

  private static final String TAKE =
      """
      UPDATE leases SET holder = :holder, expires_at = <now> + :duration
      WHERE name = :name AND (holder = :holder OR expires_at <= <now>)""";
  private static final String INSERT =
      "INSERT INTO leases (name, holder, expires_at) VALUES (:name, '', 0) <keep_existing>";
  private static final String RELEASE =
      "DELETE FROM leases WHERE name = :name AND holder = :holder";

  private final Database database;

  SqlLeadership(Database database) {
    this.database = database;
  }

  @Override
  public boolean acquire(String name, String holder, Duration duration) {
    return database.writeEach(
        handle -> {
          if (take(handle, name, holder, duration)) {
            return true;
          }
          handle
              .createUpdate(INSERT)
              .define("keep_existing", database.dialect().keepExisting("name"))
              .bind("name", name)
              .execute();
          return take(handle, name, holder, duration);
        });
  }

  private static boolean take(Handle handle, String name, String holder, Duration duration) {
    int taken =
        handle
            .createUpdate(TAKE)
            .bind("name", name)
            .bind("holder", holder)
            .bind("duration", duration.toNanos() / 1000)
            .execute();
    return taken > 0;
  }

  @Override
  public void release(String name, String holder) {
    database.writeEach(
        handle -> handle.createUpdate(RELEASE).bind("name", name).bind("holder", holder).execute());
  }
}
