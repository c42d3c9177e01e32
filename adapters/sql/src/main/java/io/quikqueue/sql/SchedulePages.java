package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.port.ScheduleStore.Page;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.StoredSchedule;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Pages of schedules by their names. Within a scope it reads on until the page is full. */
final class SchedulePages {

  private static final String PAGE =
      SqlSchedules.SELECT + " WHERE s.name > :after ORDER BY s.name LIMIT :limit";
  private static final String SIZES =
      """
      SELECT LENGTH(s.job) + LENGTH(s.spec) + LENGTH(t.state)
      FROM schedules s JOIN schedule_states t ON t.name = s.name
      WHERE s.name > :after ORDER BY s.name LIMIT :limit\
      """;

  private static final int WINDOW = 500;

  private final Database database;
  private final RowMapper<StoredSchedule> mapper;

  SchedulePages(Database database, RowMapper<StoredSchedule> mapper) {
    this.database = database;
    this.mapper = mapper;
  }

  Page page(Scope scope, @Nullable String after, int limit) {
    String from = after == null ? "" : after;
    return database.read(
        handle ->
            scope.isAll() ? page(handle, from, limit) : pageWithin(handle, scope, from, limit));
  }

  private Page page(Handle handle, String from, int limit) {
    List<Long> sizes =
        handle
            .createQuery(SIZES)
            .bind("after", from)
            .bind("limit", limit + 1)
            .mapTo(Long.class)
            .list();
    int fitting = Math.min(limit, SqlSchedules.fitting(sizes));
    List<StoredSchedule> found =
        handle.createQuery(PAGE).bind("after", from).bind("limit", fitting).map(mapper).list();
    // Some may have been deleted since their sizes were read.
    return new Page(found, sizes.size() > fitting && found.size() == fitting);
  }

  private Page pageWithin(Handle handle, Scope scope, String from, int limit) {
    List<StoredSchedule> found = new ArrayList<>();
    String last = from;
    Page window;
    do {
      window = page(handle, last, WINDOW);
      for (StoredSchedule each : window.schedules()) {
        if (each instanceof Schedule read && scope.covers(read.spec().job())) {
          if (found.size() == limit) {
            return new Page(found, true);
          }
          found.add(each);
        }
        last = each.name();
      }
    } while (!window.schedules().isEmpty());
    return new Page(found, false);
  }
}
