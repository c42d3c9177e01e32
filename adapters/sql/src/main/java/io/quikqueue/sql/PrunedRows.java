package io.quikqueue.sql;

import java.time.Instant;
import java.util.List;

/**
 * Deletes rows that are too old. They are looked for without locks, and deleted in the order of
 * their ids, those that are still too old then: so processes that prune at once do not deadlock.
 */
final class PrunedRows {

  private PrunedRows() {}

  /**
   * Deletes up to so many rows; returns how many.
   *
   * @param select reads ids as text, given {@code :before} and {@code :limit}
   * @param delete given {@code :id} and {@code :before}
   */
  static int delete(Database database, String select, String delete, Instant before, int limit) {
    long micros = Micros.of(before);
    List<String> old =
        database.read(
            handle ->
                handle
                    .createQuery(select)
                    .bind("before", micros)
                    .bind("limit", limit)
                    .mapTo(String.class)
                    .list());
    return old.isEmpty()
        ? 0
        : database.write(
            (handle, _) ->
                old.stream()
                    .sorted()
                    .mapToInt(
                        id ->
                            handle
                                .createUpdate(delete)
                                .bind("id", id)
                                .bind("before", micros)
                                .execute())
                    .sum());
  }
}
