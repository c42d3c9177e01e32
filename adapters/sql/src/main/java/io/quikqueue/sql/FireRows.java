package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Fire.Kind;
import io.quikqueue.domain.schedule.Fire.Outcome;
import io.quikqueue.domain.schedule.SchedulePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The table {@code schedule_fires}. Whoever writes holds the lock of the schedule. */
final class FireRows {

  private static final String COLUMNS =
      "schedule_fires (name, number, fire_at, actual_at, kind, outcome, job_id, cause) VALUES";
  private static final String INSERT = "INSERT INTO " + COLUMNS;

  /** Only of rows that are there: no other row gives way to one. */
  private static final String REPLACE = "REPLACE INTO " + COLUMNS;

  private static final int VALUES = 8;
  private static final String PRUNE = " WHERE name = ? AND number <= ? AND outcome <> ?";

  /** Between two prunes of a schedule it makes so many fires. */
  private static final int PRUNE_EVERY = 20;

  private static final String ONE = "(name = ? AND fire_at = ?)";
  private static final String OF_TIMES = "SELECT name, fire_at FROM schedule_fires WHERE ";
  private static final int MOST_TIMES = 128;

  private final Dialect dialect;

  FireRows(Dialect dialect) {
    this.dialect = dialect;
  }

  private record Row(String schedule, Fire fire) {}

  private record Time(String schedule, Instant at) {}

  private record Old(String schedule, long number) {}

  /** The plans without new fires of times that have one already. */
  List<ScheduleStore.Write> once(Connection connection, List<ScheduleStore.Write> writes)
      throws SQLException {
    List<Time> times = new ArrayList<>();
    for (ScheduleStore.Write write : writes) {
      for (Fire fire : write.plan().fires()) {
        if (isNew(write.plan(), fire)) {
          times.add(new Time(write.plan().before().name(), fire.at()));
        }
      }
    }
    Set<Time> taken = taken(connection, times);
    if (taken.isEmpty()) {
      return writes;
    }
    List<ScheduleStore.Write> once = new ArrayList<>(writes.size());
    for (ScheduleStore.Write write : writes) {
      SchedulePlan plan = write.plan();
      for (Fire fire : write.plan().fires()) {
        if (isNew(write.plan(), fire)
            && taken.contains(new Time(plan.before().name(), fire.at()))) {
          plan = plan.without(fire);
        }
      }
      once.add(write.with(plan));
    }
    return once;
  }

  private static boolean isNew(SchedulePlan plan, Fire fire) {
    return fire.number() > plan.before().state().last();
  }

  private static Set<Time> taken(Connection connection, List<Time> times) throws SQLException {
    Set<Time> taken = new HashSet<>();
    for (int from = 0; from < times.size(); from += MOST_TIMES) {
      List<Time> part = times.subList(from, Math.min(from + MOST_TIMES, times.size()));
      int marks = MultiRow.padded(part.size());
      String sql = OF_TIMES + (ONE + " OR ").repeat(marks - 1) + ONE;
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < marks; i++) {
          Time time = part.get(Math.min(i, part.size() - 1));
          statement.setString(i * 2 + 1, time.schedule());
          statement.setLong(i * 2 + 2, Micros.of(time.at()));
        }
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            taken.add(new Time(rows.getString(1), Micros.toInstant(rows.getLong(2))));
          }
        }
      }
    }
    return taken;
  }

  void write(Connection connection, List<SchedulePlan> plans) throws SQLException {
    List<Row> fresh = new ArrayList<>();
    List<Row> changed = new ArrayList<>();
    List<Old> old = new ArrayList<>();
    for (SchedulePlan plan : plans) {
      String name = plan.before().name();
      for (Fire fire : plan.fires()) {
        (isNew(plan, fire) ? fresh : changed).add(new Row(name, fire));
      }
      long last = plan.after().state().last();
      if (last / PRUNE_EVERY > plan.before().state().last() / PRUNE_EVERY
          && last > ScheduleStore.KEPT) {
        old.add(new Old(name, last - ScheduleStore.KEPT));
      }
    }
    insert(connection, INSERT, fresh);
    insert(connection, REPLACE, changed);
    MultiRow.executeEach(
        connection,
        dialect.deleteByKey("schedule_fires") + PRUNE,
        old,
        (to, at, each) -> {
          to.setString(at + 1, each.schedule());
          to.setLong(at + 2, each.number());
          to.setInt(at + 3, code(Outcome.BUFFERED));
        });
  }

  private void insert(Connection connection, String head, List<Row> rows) throws SQLException {
    dialect.insert(connection, head, VALUES, "", rows, _ -> 100, FireRows::bind);
  }

  private static void bind(PreparedStatement to, int at, Row row) throws SQLException {
    Fire fire = row.fire();
    JobId job = fire.job();
    String cause = fire.cause();
    to.setString(at + 1, row.schedule());
    to.setLong(at + 2, fire.number());
    to.setLong(at + 3, Micros.of(fire.at()));
    to.setLong(at + 4, Micros.of(fire.actualAt()));
    to.setInt(at + 5, code(fire.kind()));
    to.setInt(at + 6, code(fire.outcome()));
    to.setBytes(at + 7, job == null ? null : job.bytes());
    to.setBytes(at + 8, Utf8.orNull(cause));
  }

  /** Reads number, fire_at, actual_at, kind, outcome, job_id and cause. */
  static Fire read(ResultSet row) throws SQLException {
    byte[] job = row.getBytes(6);
    return new Fire(
        row.getLong(1),
        Micros.toInstant(row.getLong(2)),
        Micros.toInstant(row.getLong(3)),
        of(Kind.values(), FireRows::code, row.getInt(4)),
        of(Outcome.values(), FireRows::code, row.getInt(5)),
        job == null ? null : JobId.of(job),
        JobTexts.readBytes(row, 7));
  }

  private static int code(Kind kind) {
    return switch (kind) {
      case SCHEDULED -> 1;
      case TRIGGERED -> 2;
      case BACKFILLED -> 3;
    };
  }

  private static int code(Outcome outcome) {
    return switch (outcome) {
      case STARTED -> 1;
      case BUFFERED -> 2;
      case SKIPPED -> 3;
      case REFUSED -> 4;
      case DONE -> 5;
      case FAILED -> 6;
      case CANCELLED -> 7;
      case EXPIRED -> 8;
      case DELETED -> 9;
    };
  }

  private interface Code<T> {
    int of(T value);
  }

  private static <T> T of(T[] values, Code<T> codes, int code) {
    return Arrays.stream(values)
        .filter(each -> codes.of(each) == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no fire has the code " + code));
  }
}
