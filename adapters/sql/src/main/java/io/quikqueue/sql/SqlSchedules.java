package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.ScheduleText;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.UnreadableSchedule;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules in the tables {@code schedules}, {@code schedule_states} and {@code schedule_fires}.
 * Whoever changes one first locks its row of {@code schedule_states}.
 */
final class SqlSchedules implements ScheduleStore {

  private static final Logger log = LoggerFactory.getLogger(SqlSchedules.class);

  static final String SELECT =
      """
      SELECT s.name, s.id, s.declared, s.revision, s.changed_by, s.changed_at, s.spec, s.job,
        t.version, t.state
      FROM schedules s JOIN schedule_states t ON t.name = s.name\
      """;
  private static final String ONE = SELECT + " WHERE s.name = :name";
  private static final String DUE =
      SELECT + " WHERE t.look_at <= :now ORDER BY t.look_at, t.name LIMIT :limit";
  private static final String DUE_SIZES =
      """
      SELECT LENGTH(s.job) + LENGTH(s.spec) + LENGTH(t.state)
      FROM schedules s JOIN schedule_states t ON t.name = s.name
      WHERE t.look_at <= :now ORDER BY t.look_at, t.name LIMIT :limit\
      """;
  private static final String PUT_OFF =
      "UPDATE schedule_states SET look_at = ? WHERE name = ? AND version = ?";

  /** Of all that one read gives, which takes a few times as much in memory. */
  private static final long MOST_BYTES = 4L << 20;

  private static final String NEXT_LOOK =
      "SELECT look_at FROM schedule_states WHERE look_at IS NOT NULL ORDER BY look_at LIMIT 1";
  private static final String DECLARED = "SELECT name FROM schedules WHERE declared = 1";
  private static final String COUNT = "SELECT COUNT(*) FROM schedules";
  private static final String INSERT =
      """
      INSERT INTO schedules (name, id, declared, revision, changed_by, changed_at, spec, job)
      VALUES (:name, :id, :declared, :revision, :changed_by, :changed_at, :spec, :job)\
      """;
  private static final String VERSION = "SELECT version FROM schedule_states WHERE name = :name";
  private static final String UPDATE =
      """
      UPDATE schedules SET id = :id, declared = :declared, revision = :revision,
        changed_by = :changed_by, changed_at = :changed_at, spec = :spec, job = :job
      WHERE name = :name\
      """;
  private static final String LOCK =
      "SELECT name, version FROM %s WHERE name IN (%s) ORDER BY name %s";
  private static final String REPLACE_STATE =
      "REPLACE INTO schedule_states (name, version, look_at, state) VALUES";
  private static final String FIRES =
      """
      SELECT number, fire_at, actual_at, kind, outcome, job_id, cause FROM schedule_fires
      WHERE name = :name ORDER BY number DESC LIMIT :limit\
      """;

  private final Database database;
  private final SubmitRows submits;
  private final FireRows fires;
  private final FieldCipher cipher;
  private final SchedulePages pages;

  SqlSchedules(Database database, SubmitRows submits) {
    this.database = database;
    this.submits = submits;
    this.fires = new FireRows(database.dialect());
    this.cipher = database.dialect().cipher();
    this.pages = new SchedulePages(database, (row, _) -> read(row));
  }

  @Override
  public Optional<Schedule> find(String name) {
    return database
        .read(
            handle ->
                handle.createQuery(ONE).bind("name", name).map((row, _) -> read(row)).findOne())
        .map(
            stored ->
                switch (stored) {
                  case Schedule schedule -> schedule;
                  case UnreadableSchedule unreadable ->
                      throw new UnusableScheduleException(unreadable, unreadable.reason());
                });
  }

  @Override
  public Page list(Scope scope, @Nullable String after, int limit) {
    return pages.page(scope, after, limit);
  }

  /** How many rows of these sizes are read at once. */
  static int fitting(List<Long> sizes) {
    long bytes = 0;
    for (int i = 0; i < sizes.size(); i++) {
      bytes += sizes.get(i);
      if (bytes > MOST_BYTES) {
        return Math.max(1, i);
      }
    }
    return sizes.size();
  }

  @Override
  public List<String> declared() {
    return database.read(handle -> handle.createQuery(DECLARED).mapTo(String.class).list());
  }

  @Override
  public List<StoredSchedule> due(Instant now, int limit) {
    return database.read(
        handle -> {
          List<Long> sizes =
              handle
                  .createQuery(DUE_SIZES)
                  .bind("now", Micros.of(now))
                  .bind("limit", limit)
                  .mapTo(Long.class)
                  .list();
          return sizes.isEmpty()
              ? List.of()
              : handle
                  .createQuery(DUE)
                  .bind("now", Micros.of(now))
                  .bind("limit", fitting(sizes))
                  .map((row, _) -> read(row))
                  .list();
        });
  }

  @Override
  public void putOff(List<StoredSchedule> schedules, Instant until) {
    if (schedules.isEmpty()) {
      return;
    }
    database.write(
        (handle, _) -> {
          try (PreparedStatement update = handle.getConnection().prepareStatement(PUT_OFF)) {
            for (StoredSchedule each : schedules) {
              update.setLong(1, Micros.of(until));
              update.setString(2, each.name());
              update.setLong(3, each.version());
              update.addBatch();
            }
            update.executeBatch();
          }
          return schedules.size();
        });
  }

  @Override
  public Optional<Instant> nextLook() {
    return database.read(
        handle -> handle.createQuery(NEXT_LOOK).mapTo(Long.class).findOne().map(Micros::toInstant));
  }

  @Override
  public CreateResult create(Schedule schedule) {
    try {
      return database.writeRows((handle, _) -> create(handle, schedule));
    } catch (BadRowException e) {
      if (e.duplicate()) {
        return CreateResult.EXISTS; // another created it at the same time
      }
      throw new UnavailableException("store", e);
    }
  }

  private CreateResult create(Handle handle, Schedule schedule) throws SQLException {
    Optional<Long> version =
        handle.createQuery(VERSION).bind("name", schedule.name()).mapTo(Long.class).findOne();
    if (version.isPresent()) {
      return version.get() == schedule.version()
          ? CreateResult.DONE // an earlier try, whose answer was lost
          : CreateResult.EXISTS;
    }
    if (handle.createQuery(COUNT).mapTo(Integer.class).one() >= MOST) {
      return CreateResult.FULL;
    }
    bound(handle.createUpdate(INSERT), schedule).execute();
    writeStates(handle.getConnection(), List.of(schedule));
    return CreateResult.DONE;
  }

  @Override
  public boolean replace(long version, Schedule schedule) {
    return database.write(
        (handle, _) -> {
          Connection connection = handle.getConnection();
          Long now = lock(connection, List.of(schedule.name())).get(schedule.name());
          if (now == null || now != version) {
            return now != null && now == schedule.version();
          }
          bound(handle.createUpdate(UPDATE), schedule).execute();
          writeStates(connection, List.of(schedule));
          return true;
        });
  }

  private <S extends SqlStatement<S>> S bound(S statement, Schedule schedule) {
    return statement
        .bind("name", schedule.name())
        .bind("id", schedule.id().bytes())
        .bind("declared", schedule.declared() ? 1 : 0)
        .bind("revision", schedule.revision())
        .bind("changed_by", Utf8.of(schedule.changedBy()))
        .bind("changed_at", Micros.of(schedule.changedAt()))
        .bind("spec", Utf8.of(ScheduleText.write(schedule.spec())))
        .bind("job", JobBody.write(schedule.template(), cipher));
  }

  @Override
  public boolean delete(String name, long version) {
    return database.write(
        (handle, _) -> {
          Long now = lock(handle.getConnection(), List.of(name)).get(name);
          if (now == null || now != version) {
            return false;
          }
          for (String table : List.of("schedule_fires", "schedules", "schedule_states")) {
            handle.execute("DELETE FROM " + table + " WHERE name = ?", name);
          }
          return true;
        });
  }

  @Override
  public List<Written> write(List<Write> writes) {
    if (writes.isEmpty()) {
      return List.of();
    }
    try {
      return database.writeRows((handle, commit) -> write(handle, commit, writes));
    } catch (BadRowException e) {
      if (writes.size() > 1) {
        List<Written> written = new ArrayList<>();
        writes.forEach(each -> written.addAll(write(List.of(each))));
        return written;
      }
      Write alone = writes.getFirst();
      String name = alone.plan().before().name();
      if (alone.jobs().isEmpty()) { // the others go on without it
        log.error("event=schedule_not_written schedule={} cause={}", name, e.getCause());
        return List.of();
      }
      log.warn("event=schedule_refused schedule={} cause={}", name, e.getCause());
      SchedulePlan plan = alone.plan();
      for (Submission job : alone.jobs()) {
        plan = plan.refused(job.job().id(), "the store cannot hold it");
      }
      return write(List.of(new Write(plan, List.of())));
    }
  }

  private List<Written> write(Handle handle, Commit commit, List<Write> writes)
      throws SQLException {
    Connection connection = handle.getConnection();
    Map<String, Long> versions =
        lock(
            connection, writes.stream().map(each -> each.plan().before().name()).sorted().toList());
    List<Write> current = new ArrayList<>(writes.size());
    Map<String, Written> written = new HashMap<>();
    for (Write write : writes) {
      Schedule before = write.plan().before();
      Long version = versions.get(before.name());
      if (version != null && version == before.version()) {
        current.add(write);
      } else if (version != null && version == write.plan().after().version()) {
        written.put(before.name(), new Written(write.plan(), List.of()));
      }
    }
    current = fires.once(connection, current);
    List<Submission> jobs = current.stream().flatMap(each -> each.jobs().stream()).toList();
    Map<JobId, SubmitResult> answers = submits.submitWithin(handle, commit, jobs);
    for (Write write : current) {
      written.put(write.plan().before().name(), write.answered(answers));
    }
    List<SchedulePlan> plans =
        current.stream().map(each -> plan(written, each.plan().before().name())).toList();
    fires.write(connection, plans);
    writeStates(connection, plans.stream().map(SchedulePlan::after).toList());
    return writes.stream()
        .map(each -> written.get(each.plan().before().name()))
        .filter(each -> each != null)
        .toList();
  }

  private static SchedulePlan plan(Map<String, Written> written, String name) {
    Written result = written.get(name);
    if (result == null) {
      throw new IllegalStateException("schedule " + name + " has no answer");
    }
    return result.plan();
  }

  private Map<String, Long> lock(Connection connection, List<String> sorted) throws SQLException {
    Map<String, Long> versions = new HashMap<>();
    Dialect dialect = database.dialect();
    String sql =
        LOCK.formatted(
            dialect.byKey("schedule_states"), MultiRow.marks(sorted.size()), dialect.forUpdate());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < MultiRow.padded(sorted.size()); i++) {
        statement.setString(i + 1, sorted.get(Math.min(i, sorted.size() - 1)));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          versions.put(rows.getString(1), rows.getLong(2));
        }
      }
    }
    return versions;
  }

  private void writeStates(Connection connection, List<Schedule> schedules) throws SQLException {
    database
        .dialect()
        .insert(
            connection,
            REPLACE_STATE,
            4,
            "",
            schedules,
            each -> each.state().open().size() * 100 + 100,
            (to, at, each) -> {
              to.setString(at + 1, each.name());
              to.setLong(at + 2, each.version());
              to.setObject(at + 3, Micros.orNull(each.state().lookAt()));
              to.setBytes(at + 4, Utf8.of(ScheduleText.write(each.state())));
            });
  }

  @Override
  public List<Fire> fires(String name, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(FIRES)
                .bind("name", name)
                .bind("limit", limit)
                .map((row, _) -> FireRows.read(row))
                .list());
  }

  private StoredSchedule read(ResultSet row) throws SQLException {
    String name = row.getString(1);
    boolean declared = row.getInt(3) == 1;
    long revision = row.getLong(4);
    long version = row.getLong(9);
    try {
      Job job = JobBody.read(row.getBytes(8), cipher);
      return new Schedule(
          name,
          JobId.of(row.getBytes(2)),
          ScheduleText.readSpec(Utf8.text(row, 7), job.spec()),
          declared,
          revision,
          Utf8.text(row, 5),
          Micros.toInstant(row.getLong(6)),
          ScheduleText.readState(Utf8.text(row, 10)),
          version);
    } catch (UnreadableMessageException | RuntimeException e) {
      return new UnreadableSchedule(name, declared, revision, version, reason(e));
    }
  }

  /** What they say is of the schedule's text, in which nothing is secret. */
  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
