package io.quikqueue.sql;

import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.DesiredStates;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The table {@code desired_workers}. */
final class SqlDesiredStates implements DesiredStates {

  private static final String COLUMNS = "worker, slots, draining, note, changed_by, changed_at";
  private static final String ALL =
      "SELECT "
          + COLUMNS
          + " FROM desired_workers WHERE heard_at >= <now> - :kept ORDER BY worker LIMIT "
          + MOST;
  private static final String FIND =
      "SELECT " + COLUMNS + " FROM desired_workers WHERE worker = :worker <for_update>";
  private static final String FORGET = "DELETE FROM desired_workers WHERE heard_at < <now> - :kept";
  private static final String DELETE = "DELETE FROM desired_workers WHERE worker = :worker";
  private static final String INSERT =
      """
      INSERT INTO desired_workers
        (worker, slots, draining, note, changed_by, changed_at, heard_at)
      VALUES (:worker, :slots, :draining, :note, :changed_by, :changed_at, <now>) <keep_existing>\
      """;
  private static final String UPDATE =
      """
      UPDATE desired_workers SET slots = :slots, draining = :draining, note = :note,
        changed_by = :changed_by, changed_at = :changed_at, heard_at = <now>
      WHERE worker = :worker\
      """;
  private static final String HEARD =
      "UPDATE desired_workers SET heard_at = <now> WHERE worker = :worker";

  private final Database database;

  SqlDesiredStates(Database database) {
    this.database = database;
  }

  @Override
  public DesiredState change(DesiredState before, UnaryOperator<DesiredState> change) {
    database.writeEach(handle -> forget(handle));
    return database.write(
        (handle, _) -> {
          write(handle, INSERT, before); // so that there is a row to lock
          DesiredState after = change.apply(find(handle, before));
          if (after.isNone()) {
            delete(handle, after.worker());
          } else {
            write(handle, UPDATE, after);
          }
          return after;
        });
  }

  @Override
  public void remove(String worker) {
    database.writeEach(handle -> delete(handle, worker));
  }

  @Override
  public void heard(Set<String> workers) {
    database.write(
        (handle, _) -> {
          for (String worker : new TreeSet<>(workers)) {
            handle.createUpdate(HEARD).bind("worker", Utf8.of(worker)).execute();
          }
          return true;
        });
  }

  @Override
  public List<DesiredState> all() {
    return database.read(
        handle ->
            handle.createQuery(ALL).bind("kept", KEPT_MICROS).map((row, _) -> read(row)).list());
  }

  private static final long KEPT_MICROS = micros(KEPT);

  private static int forget(Handle handle) {
    return handle.createUpdate(FORGET).bind("kept", KEPT_MICROS).execute();
  }

  private static int delete(Handle handle, String worker) {
    return handle.createUpdate(DELETE).bind("worker", Utf8.of(worker)).execute();
  }

  private DesiredState find(Handle handle, DesiredState usual) {
    return handle
        .createQuery(FIND)
        .define("for_update", database.dialect().forUpdate())
        .bind("worker", Utf8.of(usual.worker()))
        .map((row, _) -> read(row))
        .findOne()
        .orElse(usual);
  }

  private void write(Handle handle, String sql, DesiredState state) {
    handle
        .createUpdate(sql)
        .define("keep_existing", database.dialect().keepExisting("worker"))
        .bind("worker", Utf8.of(state.worker()))
        .bind("slots", state.slots())
        .bind("draining", state.draining() ? 1 : 0)
        .bind("note", Utf8.orNull(state.note()))
        .bind("changed_by", Utf8.of(state.by()))
        .bind("changed_at", Micros.of(state.at()))
        .execute();
  }

  private static DesiredState read(ResultSet row) throws SQLException {
    int slots = row.getInt(2);
    boolean hasSlots = !row.wasNull();
    return new DesiredState(
        Utf8.text(row, 1),
        hasSlots ? slots : null,
        row.getInt(3) != 0,
        JobTexts.readBytes(row, 4),
        Utf8.text(row, 5),
        Micros.toInstant(row.getLong(6)));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
