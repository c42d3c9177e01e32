package io.quikqueue.sql;

import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.Pause.Kind;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The table {@code pauses}, of queues and types; those of groups are {@link GroupPauses}. */
final class SqlPauses implements Pauses {

  private static final String DELETE = "DELETE FROM pauses WHERE kind = :kind AND name = :name";
  private static final String INSERT =
      """
      INSERT INTO pauses (kind, name, note, paused_by, paused_at)
      VALUES (:kind, :name, :note, :paused_by, :paused_at)\
      """;
  private static final String SELECT =
      """
      SELECT kind, name, note, paused_by, paused_at FROM pauses
      ORDER BY kind, name LIMIT %d\
      """
          .formatted(MOST);

  private final Database database;

  SqlPauses(Database database) {
    this.database = database;
  }

  @Override
  public void pause(Pause pause) {
    if (pause.kind() == Kind.GROUP) {
      database.write((handle, _) -> GroupPauses.pause(handle, database.dialect(), pause));
      return;
    }
    database.writeEach(
        handle -> {
          delete(handle, pause.key());
          return handle
              .createUpdate(INSERT)
              .bind("kind", code(pause.kind()))
              .bind("name", pause.name())
              .bind("note", Utf8.orNull(pause.note()))
              .bind("paused_by", Utf8.of(pause.by()))
              .bind("paused_at", Micros.of(pause.at()))
              .execute();
        });
  }

  @Override
  public boolean resume(PauseKey key) {
    return key.kind() == Kind.GROUP
        ? database.write((handle, _) -> GroupPauses.resume(handle, database.dialect(), key))
        : database.writeEach(handle -> delete(handle, key)) > 0;
  }

  @Override
  public List<Pause> inForce() {
    return database.read(
        handle -> {
          List<Pause> all =
              new ArrayList<>(handle.select(SELECT).map((row, _) -> read(row)).list());
          all.addAll(GroupPauses.inForce(handle));
          return all.size() <= MOST ? all : all.subList(0, MOST);
        });
  }

  private static int delete(Handle handle, PauseKey key) {
    return handle
        .createUpdate(DELETE)
        .bind("kind", code(key.kind()))
        .bind("name", key.name())
        .execute();
  }

  private static Pause read(ResultSet row) throws SQLException {
    return new Pause(
        new PauseKey(
            row.getInt(1) == code(Kind.QUEUE) ? Kind.QUEUE : Kind.TYPE, null, row.getString(2)),
        JobTexts.readBytes(row, 3),
        Utf8.text(row, 4),
        Micros.toInstant(row.getLong(5)));
  }

  private static int code(Kind kind) {
    return switch (kind) {
      case QUEUE -> 1;
      case TYPE -> 2;
      case GROUP -> throw new IllegalArgumentException("groups are in a table of their own");
    };
  }
}
