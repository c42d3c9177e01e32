package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Move;
import io.quikqueue.domain.port.JobFilter;
import io.quikqueue.domain.port.Operation;
import io.quikqueue.domain.port.Operation.Action;
import io.quikqueue.domain.port.OperationState;
import io.quikqueue.domain.port.Operations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table {@code operations}, which never has more than a hundred rows or so. */
final class SqlOperations implements Operations {

  private static final String INSERT =
      """
      INSERT INTO operations (id, action, of_state, of_queue, of_type, of_labels, of_group, dry_run,
        rate, state, position, seen, changed, skipped, failed, created_by, created_at, updated_at,
        to_priority, to_queue, of_queues, of_types)
      VALUES (:id, :action, :of_state, :of_queue, :of_type, :of_labels, :of_group, :dry_run,
        :rate, :state, :position, :seen, :changed, :skipped, :failed, :created_by, :created_at,
        :updated_at, :to_priority, :to_queue, :of_queues,
        :of_types) <keep_existing>\
      """;
  private static final String SELECT =
      """
      SELECT id, action, of_state, of_queue, of_type, of_labels, of_group, dry_run, rate, state,
        position, seen, changed, skipped, failed, created_by, created_at, updated_at, ended_at,
        to_priority, to_queue, of_queues, of_types
      FROM operations WHERE\
      """;
  private static final String ONE = SELECT + " id = :id";
  private static final String PAGE =
      SELECT + " id < :before AND (:by IS NULL OR created_by = :by) ORDER BY id DESC LIMIT :limit";
  private static final String UNDER_WAY = SELECT + " ended_at IS NULL ORDER BY id";
  private static final String OVER =
      "SELECT id FROM operations WHERE ended_at IS NOT NULL ORDER BY id DESC";
  private static final String DELETE = "DELETE FROM operations WHERE id = ?";
  private static final String MOVE =
      """
      UPDATE operations SET state = :to, updated_at = :at, ended_at = :ended
      WHERE id = :id AND state IN (<from>)\
      """;
  private static final String ADVANCE =
      """
      UPDATE operations SET position = :next, seen = :seen, changed = :changed, skipped = :skipped,
        failed = :failed, updated_at = :at,
        ended_at = CASE WHEN :done = 1 AND state = :running THEN :at ELSE ended_at END,
        state = CASE WHEN :done = 1 AND state = :running THEN :ended ELSE state END
      WHERE id = :id AND position = :position\
      """;

  private final Database database;

  SqlOperations(Database database) {
    this.database = database;
  }

  @Override
  public void create(Operation operation) {
    JobFilter of = operation.filter();
    Move to = operation.to();
    JobState state = of.state();
    JobId position = operation.cursor();
    ScopeColumns scope = ScopeColumns.of(of.scope());
    database.writeEach(
        handle -> {
          handle
              .createUpdate(INSERT)
              .define("keep_existing", database.dialect().keepExisting("action"))
              .bind("id", operation.id().bytes())
              .bind("action", code(operation.action()))
              .bind("to_priority", to == null ? null : to.priority())
              .bind("to_queue", Utf8.orNull(to == null ? null : to.queue()))
              .bind("of_state", state == null ? null : (Integer) state.code())
              .bind("of_queue", Utf8.orNull(of.queue()))
              .bind("of_type", Utf8.orNull(of.type()))
              .bind("of_labels", Utf8.orNull(JobTexts.labels(of.labels())))
              .bind("of_group", Utf8.orNull(of.dead()))
              .bind("of_queues", Utf8.orNull(scope.queues()))
              .bind("of_types", Utf8.orNull(scope.types()))
              .bind("dry_run", operation.dryRun() ? 1 : 0)
              .bind("rate", operation.rate())
              .bind("state", code(operation.state()))
              .bind("position", position == null ? null : position.bytes())
              .bind("seen", operation.seen())
              .bind("changed", operation.changed())
              .bind("skipped", operation.skipped())
              .bind("failed", operation.failed())
              .bind("created_by", Utf8.orNull(operation.by()))
              .bind("created_at", Micros.of(operation.createdAt()))
              .bind("updated_at", Micros.of(operation.updatedAt()))
              .execute();
          return deleteOld(handle);
        });
  }

  private static int deleteOld(Handle handle) throws SQLException {
    List<byte[]> over = handle.createQuery(OVER).map((row, _) -> row.getBytes(1)).list();
    List<byte[]> old = over.size() <= KEPT ? List.of() : over.subList(KEPT, over.size());
    return MultiRow.executeEach(
        handle.getConnection(), DELETE, old, (to, at, id) -> to.setBytes(at + 1, id));
  }

  @Override
  public Optional<Operation> operation(JobId id) {
    return database.read(
        handle -> handle.createQuery(ONE).bind("id", id.bytes()).map((r, _) -> read(r)).findOne());
  }

  @Override
  public List<Operation> operations(@Nullable JobId after, int limit, @Nullable String by) {
    byte[] top = new byte[16];
    Arrays.fill(top, (byte) 0xFF);
    return database.read(
        handle ->
            handle
                .createQuery(PAGE)
                .bind("before", after == null ? top : after.bytes())
                .bind("by", Utf8.orNull(by))
                .bind("limit", limit)
                .map((row, _) -> read(row))
                .list());
  }

  @Override
  public List<Operation> underWay() {
    return database.read(handle -> handle.createQuery(UNDER_WAY).map((row, _) -> read(row)).list());
  }

  @Override
  public boolean move(JobId id, Set<OperationState> from, OperationState to, Instant at) {
    return database.writeEach(
            handle ->
                handle
                    .createUpdate(MOVE)
                    .bind("to", code(to))
                    .bind("at", Micros.of(at))
                    .bind("ended", to.over() ? (Long) Micros.of(at) : null)
                    .bind("id", id.bytes())
                    .bindList(
                        "from", new ArrayList<>(from.stream().map(each -> code(each)).toList()))
                    .execute())
        > 0;
  }

  @Override
  public boolean advance(Operation before, Operation after, boolean done) {
    JobId position = before.cursor();
    JobId next = after.cursor();
    if (position == null) {
      throw new IllegalArgumentException("operation " + before.id() + " is at its end");
    }
    return database.writeEach(
            handle ->
                handle
                    .createUpdate(ADVANCE)
                    .bind("next", next == null ? null : next.bytes())
                    .bind("seen", after.seen())
                    .bind("changed", after.changed())
                    .bind("skipped", after.skipped())
                    .bind("failed", after.failed())
                    .bind("at", Micros.of(after.updatedAt()))
                    .bind("done", done ? 1 : 0)
                    .bind("running", code(OperationState.RUNNING))
                    .bind("ended", code(OperationState.DONE))
                    .bind("id", before.id().bytes())
                    .bind("position", position.bytes())
                    .execute())
        > 0;
  }

  private static Operation read(ResultSet row) throws SQLException {
    int state = row.getInt(3);
    JobFilter filter =
        new JobFilter(
            row.wasNull() ? null : JobState.ofCode(state),
            JobTexts.readBytes(row, 4),
            JobTexts.readBytes(row, 5),
            JobTexts.readLabels(JobTexts.readBytes(row, 6)),
            new ScopeColumns(JobTexts.readBytes(row, 22), JobTexts.readBytes(row, 23))
                .scope(Scope.ALL),
            JobTexts.readBytes(row, 7));
    int rate = row.getInt(9);
    Integer given = row.wasNull() ? null : (Integer) rate;
    byte[] position = row.getBytes(11);
    return new Operation(
        JobId.of(row.getBytes(1)),
        action(row.getInt(2)),
        to(row),
        filter,
        row.getInt(8) == 1,
        given,
        state(row.getInt(10)),
        position == null ? null : JobId.of(position),
        row.getLong(12),
        row.getLong(13),
        row.getLong(14),
        row.getLong(15),
        String.valueOf(JobTexts.readBytes(row, 16)),
        Micros.toInstant(row.getLong(17)),
        Micros.toInstant(row.getLong(18)),
        Micros.read(row, 19));
  }

  /** Where the operation moves jobs; null = it does not. */
  private static @Nullable Move to(ResultSet row) throws SQLException {
    int priority = row.getInt(20);
    Integer given = row.wasNull() ? null : (Integer) priority;
    String queue = JobTexts.readBytes(row, 21);
    return given == null && queue == null ? null : new Move(given, queue);
  }

  private static int code(Action action) {
    return switch (action) {
      case CANCEL -> 1;
      case RETRY -> 2;
      case DISCARD -> 3;
      case SET_PRIORITY -> 4;
      case MOVE -> 5;
    };
  }

  private static Action action(int code) {
    return Arrays.stream(Action.values())
        .filter(each -> code(each) == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no action has the code " + code));
  }

  private static int code(OperationState state) {
    return switch (state) {
      case RUNNING -> 1;
      case PAUSED -> 2;
      case ABORTED -> 3;
      case DONE -> 4;
    };
  }

  private static OperationState state(int code) {
    return Arrays.stream(OperationState.values())
        .filter(each -> code(each) == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no state has the code " + code));
  }
}
