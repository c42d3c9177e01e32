package io.quikqueue.sql;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.dead.FailureKind;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.DeadGroup;
import io.quikqueue.domain.port.DeadGroupPage;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.domain.port.JobPage;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The tables {@code dead_groups}, {@code dead_counts} and {@code dead_jobs}. */
final class SqlDeadLetters implements DeadLetters {

  private static final String SELECT =
      """
      SELECT g.id, g.type, g.error_class, g.message, g.status, g.note, g.status_by, g.status_at,
        g.first_seen_at,
        (SELECT SUM(c.n) FROM dead_counts c WHERE c.group_id = g.id <of_queue> AND <in_scope>),
        (SELECT MAX(c.last_seen_at) FROM dead_counts c WHERE c.group_id = g.id AND <in_scope>),
        (SELECT d.job_id FROM dead_jobs d WHERE d.group_id = g.id AND <sample_in_scope>
          ORDER BY d.job_id DESC LIMIT 1)
      FROM dead_groups g WHERE <matching> ORDER BY g.first_seen_at DESC, g.id DESC LIMIT :limit\
      """;
  private static final String OF_QUEUE = "AND c.queue = :queue";
  private static final String IN_QUEUE =
      """
      (SELECT SUM(c.n) FROM dead_counts c
        WHERE c.group_id = g.id AND c.queue = :queue AND <in_scope>) > 0\
      """;
  private static final String IN_SCOPE =
      """
      <types_in_scope> AND
        (SELECT SUM(c.n) FROM dead_counts c WHERE c.group_id = g.id AND <in_scope>) > 0\
      """;
  private static final String AFTER =
      """
      (g.first_seen_at < (SELECT a.first_seen_at FROM dead_groups a WHERE a.id = :after)
        OR (g.first_seen_at = (SELECT a.first_seen_at FROM dead_groups a WHERE a.id = :after)
          AND g.id < :after))\
      """;
  private static final String JOBS =
      """
      SELECT job_id FROM dead_jobs WHERE group_id = :group AND job_id < :before AND <in_scope>
      ORDER BY job_id DESC LIMIT :limit\
      """;
  private static final String SET =
      """
      UPDATE dead_groups SET status = :status, note = :note, status_by = :by, status_at = :at
      WHERE id = :id\
      """;
  private static final String EMPTY_GROUPS =
      """
      SELECT g.id FROM dead_groups g WHERE g.status != :ignored AND g.first_seen_at < :before
        AND NOT EXISTS (SELECT 1 FROM dead_jobs d WHERE d.group_id = g.id)
        AND NOT EXISTS
          (SELECT 1 FROM dead_counts c WHERE c.group_id = g.id AND c.last_seen_at >= :before)
      LIMIT :limit\
      """;
  private static final String DELETE_GROUP = "DELETE FROM dead_groups WHERE id = ?";
  private static final String DELETE_COUNTS = "DELETE FROM dead_counts WHERE group_id = ?";
  private static final String WALK =
      "SELECT job_id FROM dead_jobs WHERE job_id > :after ORDER BY job_id LIMIT :limit";
  private static final String STATES = "SELECT id, state FROM jobs WHERE id IN (%s) ";

  private static final byte[] BOTTOM = new byte[16];

  private final Database database;
  private final SqlJobStore jobs;
  private final DeadRows rows;
  private final AtomicReference<byte[]> position = new AtomicReference<>(BOTTOM);

  SqlDeadLetters(Database database, SqlJobStore jobs) {
    this.database = database;
    this.jobs = jobs;
    this.rows = new DeadRows(database.dialect());
  }

  @Override
  public DeadGroupPage groups(DeadGroupQuery query) {
    String after = query.after();
    byte[] cursor = after == null ? null : GroupId.bytesIfAny(after);
    if (after != null && cursor == null) {
      return new DeadGroupPage(List.of(), null);
    }
    List<DeadGroup> found = database.read(handle -> select(handle, query, cursor));
    if (found.size() <= query.limit()) {
      return new DeadGroupPage(found, null);
    }
    List<DeadGroup> page = found.subList(0, query.limit());
    return new DeadGroupPage(List.copyOf(page), page.getLast().id());
  }

  private static List<DeadGroup> select(
      Handle handle, DeadGroupQuery asked, byte @Nullable [] cursor) {
    List<String> matching = new ArrayList<>(List.of("1 = 1"));
    if (asked.type() != null) {
      matching.add("g.type = :type");
    }
    if (asked.status() != null) {
      matching.add("g.status = :status");
    }
    if (asked.queue() != null) {
      matching.add(IN_QUEUE);
    }
    if (cursor != null) {
      matching.add(AFTER);
    }
    Query query =
        select(handle, asked.scope(), matching)
            .define("of_queue", asked.queue() == null ? "" : OF_QUEUE)
            .bind("limit", asked.limit() + 1);
    if (asked.type() != null) {
      query.bind("type", asked.type());
    }
    if (asked.status() != null) {
      query.bind("status", DeadRows.code(asked.status()));
    }
    if (asked.queue() != null) {
      query.bind("queue", asked.queue());
    }
    if (cursor != null) {
      query.bind("after", cursor);
    }
    return query.map((row, _) -> read(row)).list();
  }

  /** Groups that match, of which only jobs within the scope are told. */
  private static Query select(Handle handle, Scope scope, List<String> matching) {
    ScopeText queues = ScopeText.ofQueues(scope, "queue");
    ScopeText types = ScopeText.ofTypes(scope, "type");
    List<String> all = new ArrayList<>(matching);
    if (!scope.isAll()) {
      all.add(IN_SCOPE.replace("<types_in_scope>", types.of("g.type")));
    }
    String matches = String.join(" AND ", all).replace("<in_scope>", queues.of("c.queue"));
    return types.bind(
        queues.bind(
            handle
                .createQuery(SELECT)
                .define("matching", matches)
                .define("in_scope", queues.of("c.queue"))
                .define("sample_in_scope", queues.of("d.queue"))));
  }

  @Override
  public Optional<DeadGroup> group(String id, Scope scope) {
    byte[] bytes = GroupId.bytesIfAny(id);
    if (bytes == null) {
      return Optional.empty();
    }
    return database.read(
        handle ->
            select(handle, scope, List.of("g.id = :id"))
                .define("of_queue", "")
                .bind("id", bytes)
                .bind("limit", 1)
                .map((row, _) -> read(row))
                .findOne());
  }

  private static DeadGroup read(ResultSet row) throws SQLException {
    Instant first = Micros.toInstant(row.getLong(9));
    Instant last = Micros.toInstant(row.getLong(11));
    byte[] sample = row.getBytes(12);
    return new DeadGroup(
        GroupId.text(row.getBytes(1)),
        new FailureKind(
            row.getString(2), text(row.getBytes(3)), String.valueOf(text(row.getBytes(4)))),
        DeadRows.status(row.getInt(5)),
        Math.max(0, row.getLong(10)),
        first,
        last.isBefore(first) ? first : last,
        sample == null ? null : JobId.of(sample),
        text(row.getBytes(6)),
        text(row.getBytes(7)),
        Micros.read(row, 8));
  }

  @Override
  public JobPage jobs(String group, Scope scope, @Nullable JobId after, int limit) {
    ScopeText queues = ScopeText.ofQueues(scope, "queue");
    byte[] id = GroupId.bytesIfAny(group);
    if (id == null) {
      return new JobPage(List.of(), null);
    }
    List<JobId> found =
        database.read(
            handle ->
                queues
                    .bind(handle.createQuery(JOBS).define("in_scope", queues.of("queue")))
                    .bind("group", id)
                    .bind("before", after == null ? top() : after.bytes())
                    .bind("limit", limit + 1)
                    .map((row, _) -> JobId.of(row.getBytes(1)))
                    .list());
    List<JobId> page = found.subList(0, Math.min(limit, found.size()));
    Map<JobId, Job> summaries = jobs.summaries(page);
    List<Job> failed =
        page.stream()
            .flatMap(each -> Optional.ofNullable(summaries.get(each)).stream())
            .filter(job -> job.state() == JobState.FAILED && scope.covers(job.spec()))
            .toList();
    return new JobPage(failed, found.size() > limit ? page.getLast() : null);
  }

  private static byte[] top() {
    byte[] top = new byte[16];
    Arrays.fill(top, (byte) 0xFF);
    return top;
  }

  @Override
  public boolean set(
      String group, DeadStatus status, @Nullable String note, String by, Instant at) {
    byte[] id = GroupId.bytesIfAny(group);
    return id != null
        && database.writeEach(
                handle ->
                    handle
                        .createUpdate(SET)
                        .bind("status", DeadRows.code(status))
                        .bind("note", Utf8.orNull(note))
                        .bind("by", Utf8.orNull(by))
                        .bind("at", Micros.of(at))
                        .bind("id", id)
                        .execute())
            > 0;
  }

  @Override
  public int clean(Instant seenBefore, int limit) {
    takeOutWhatIsNotFailed(limit);
    List<byte[]> empty =
        database.read(
            handle ->
                handle
                    .createQuery(EMPTY_GROUPS)
                    .bind("ignored", DeadRows.code(DeadStatus.IGNORED))
                    .bind("before", Micros.of(seenBefore))
                    .bind("limit", limit)
                    .map((row, _) -> row.getBytes(1))
                    .list());
    if (empty.isEmpty()) {
      return 0;
    }
    return database.write(
        (handle, _) -> {
          MultiRow.executeEach(
              handle.getConnection(),
              DELETE_COUNTS,
              empty,
              (to, at, id) -> to.setBytes(at + 1, id));
          return MultiRow.executeEach(
              handle.getConnection(), DELETE_GROUP, empty, (to, at, id) -> to.setBytes(at + 1, id));
        });
  }

  /** Walks all jobs in groups, some each time. */
  private void takeOutWhatIsNotFailed(int limit) {
    List<JobId> window =
        database.read(
            handle ->
                handle
                    .createQuery(WALK)
                    .bind("after", position.get())
                    .bind("limit", limit)
                    .map((row, _) -> JobId.of(row.getBytes(1)))
                    .list());
    position.set(window.size() < limit ? BOTTOM : window.getLast().bytes());
    if (!left(window, "").isEmpty()) {
      database.write(
          (handle, commit) -> {
            List<JobId> left = left(handle, window, database.dialect().forUpdate());
            rows.gone(handle.getConnection(), commit, left);
            return left.size();
          });
    }
  }

  private List<JobId> left(List<JobId> window, String lock) {
    return window.isEmpty() ? List.of() : database.read(handle -> left(handle, window, lock));
  }

  /** Those of the jobs that are not FAILED, or not there. */
  private static List<JobId> left(Handle handle, List<JobId> window, String lock)
      throws SQLException {
    List<JobId> left = new ArrayList<>(window);
    Ids.query(
        handle.getConnection(),
        STATES + lock,
        window,
        row -> {
          if (row.getInt(2) == JobState.FAILED.code()) {
            left.remove(JobId.of(row.getBytes(1)));
          }
        });
    return left;
  }

  private static @Nullable String text(byte @Nullable [] utf8) {
    return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
  }
}
