package io.quikqueue.sql;

import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The table {@code group_pauses}, a part of the table of limits: its changes raise the version. */
final class GroupPauses {

  private static final String DELETE =
      "DELETE FROM group_pauses WHERE queue = :queue AND group_name = :group_name";
  private static final String INSERT =
      """
      INSERT INTO group_pauses (queue, group_name, note, paused_by, paused_at)
      VALUES (:queue, :group_name, :note, :paused_by, :paused_at)\
      """;
  private static final String SELECT =
      """
      SELECT queue, group_name, note, paused_by, paused_at FROM group_pauses
      ORDER BY queue, group_name LIMIT %d\
      """
          .formatted(Pauses.MOST);
  private static final String NAMES =
      "SELECT queue, group_name FROM group_pauses LIMIT " + Pauses.MOST;

  private GroupPauses() {}

  static int pause(Handle handle, Dialect dialect, Pause pause) {
    LimitsVersion.lock(handle, dialect);
    delete(handle, pause.key());
    int rows =
        handle
            .createUpdate(INSERT)
            .bind("queue", pause.key().queue())
            .bind("group_name", Utf8.of(pause.name()))
            .bind("note", Utf8.orNull(pause.note()))
            .bind("paused_by", Utf8.of(pause.by()))
            .bind("paused_at", Micros.of(pause.at()))
            .execute();
    LimitsVersion.raise(handle);
    return rows;
  }

  static boolean resume(Handle handle, Dialect dialect, PauseKey key) {
    LimitsVersion.lock(handle, dialect);
    if (delete(handle, key) == 0) {
      return false;
    }
    LimitsVersion.raise(handle);
    return true;
  }

  static List<Pause> inForce(Handle handle) {
    return handle
        .select(SELECT)
        .map(
            (row, _) ->
                new Pause(
                    PauseKey.group(row.getString(1), Utf8.text(row, 2)),
                    JobTexts.readBytes(row, 3),
                    Utf8.text(row, 4),
                    Micros.toInstant(row.getLong(5))))
        .list();
  }

  /** The groups that are paused. */
  static Map<String, Set<String>> byQueue(Handle handle) {
    Map<String, Set<String>> groups = new HashMap<>();
    handle
        .select(NAMES)
        .map((row, _) -> PauseKey.group(row.getString(1), Utf8.text(row, 2)))
        .forEach(
            key ->
                groups
                    .computeIfAbsent(Objects.requireNonNull(key.queue()), _ -> new HashSet<>())
                    .add(key.name()));
    return groups;
  }

  private static int delete(Handle handle, PauseKey key) {
    return handle
        .createUpdate(DELETE)
        .bind("queue", key.queue())
        .bind("group_name", Utf8.of(key.name()))
        .execute();
  }
}
