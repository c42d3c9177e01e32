package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.GroupOfQueue;
import io.quikqueue.domain.port.ParkedJobs;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table {@code parked}. */
final class SqlParkedJobs implements ParkedJobs {

  private static final int COLUMNS = 5;
  private static final String INSERT =
      "INSERT INTO parked (queue, job_group, priority, job_id, attempt) VALUES";
  private static final String FIRST =
      """
      SELECT <job>, p.priority, p.job_id, p.attempt FROM parked p
      LEFT JOIN jobs j ON j.id = p.job_id AND j.attempt = p.attempt AND j.state = <queued>
      WHERE p.queue = :queue AND p.job_group = :job_group
      ORDER BY p.priority, p.job_id, p.attempt LIMIT :limit\
      """;
  private static final String DELETE =
      """
      DELETE FROM parked
      WHERE queue = ? AND job_group = ? AND priority = ? AND job_id = ? AND attempt = ?\
      """;
  private static final String NEXT_GROUP =
      """
      SELECT queue, job_group FROM parked
      WHERE queue = :queue AND job_group > :job_group
      ORDER BY queue, job_group LIMIT 1\
      """;
  private static final String NEXT_QUEUE =
      "SELECT queue, job_group FROM parked WHERE queue > :queue ORDER BY queue, job_group LIMIT 1";

  private record Row(GroupOfQueue group, int priority, AttemptId attempt) {}

  private final Database database;
  private final JobPages pages;

  SqlParkedJobs(Database database) {
    this.database = database;
    this.pages = new JobPages(database.dialect());
  }

  @Override
  public void park(Collection<Envelope> attempts) {
    List<Row> rows = new ArrayList<>(attempts.size());
    for (Envelope each : attempts) {
      GroupOfQueue group =
          new GroupOfQueue(each.queue(), Objects.requireNonNull(each.group(), "group"));
      rows.add(new Row(group, each.priority(), each.attempt()));
    }
    rows.sort(
        Comparator.comparing((Row row) -> row.group().queue())
            .thenComparing(row -> row.group().group())
            .thenComparingInt(Row::priority)
            .thenComparing(row -> row.attempt().job()));
    if (!rows.isEmpty()) {
      database.write(
          (handle, _) -> {
            database
                .dialect()
                .insert(
                    handle.getConnection(),
                    INSERT,
                    COLUMNS,
                    database.dialect().keepExisting("attempt"),
                    rows,
                    _ -> 0,
                    SqlParkedJobs::bind);
            return rows.size();
          });
    }
  }

  private static void bind(PreparedStatement to, int at, Row row) throws SQLException {
    to.setString(at + 1, row.group().queue());
    to.setBytes(at + 2, Utf8.of(row.group().group()));
    to.setInt(at + 3, row.priority());
    to.setBytes(at + 4, row.attempt().job().bytes());
    to.setInt(at + 5, row.attempt().number());
  }

  @Override
  public List<Parked> first(GroupOfQueue group, int limit) {
    return database.read(
        handle ->
            pages.read(
                handle
                    .createQuery(FIRST)
                    .define("queued", JobState.QUEUED.code())
                    .bind("queue", group.queue())
                    .bind("job_group", Utf8.of(group.group())),
                limit,
                (row, _) -> read(row),
                row -> row.job() == null ? 0 : row.job().chars()));
  }

  private Parked read(ResultSet row) throws SQLException {
    Job job = row.getBytes(1) == null ? null : JobColumns.read(row, database.dialect().cipher());
    int at = JobColumns.READ;
    return new Parked(
        new AttemptId(JobId.of(row.getBytes(at + 2)), row.getInt(at + 3)), row.getInt(at + 1), job);
  }

  @Override
  public void remove(GroupOfQueue group, Collection<Parked> gone) {
    List<Row> rows =
        gone.stream().map(each -> new Row(group, each.priority(), each.attempt())).toList();
    if (!rows.isEmpty()) {
      database.write(
          (handle, _) ->
              MultiRow.executeEach(handle.getConnection(), DELETE, rows, SqlParkedJobs::bind));
    }
  }

  @Override
  public List<GroupOfQueue> groups(@Nullable GroupOfQueue after, int limit) {
    return database.read(
        handle -> {
          List<GroupOfQueue> groups = new ArrayList<>();
          GroupOfQueue last = after == null ? new GroupOfQueue("", "") : after;
          while (groups.size() < limit) {
            Optional<GroupOfQueue> next = next(handle, last);
            if (next.isEmpty()) {
              break;
            }
            last = next.get();
            groups.add(last);
          }
          return groups;
        });
  }

  /** Found by the key, however many jobs each group has. */
  private static Optional<GroupOfQueue> next(Handle handle, GroupOfQueue after) {
    Optional<GroupOfQueue> inQueue =
        handle
            .createQuery(NEXT_GROUP)
            .bind("queue", after.queue())
            .bind("job_group", Utf8.of(after.group()))
            .map((row, _) -> group(row))
            .findFirst();
    return inQueue.isPresent()
        ? inQueue
        : handle
            .createQuery(NEXT_QUEUE)
            .bind("queue", after.queue())
            .map((row, _) -> group(row))
            .findFirst();
  }

  private static GroupOfQueue group(ResultSet row) throws SQLException {
    return new GroupOfQueue(row.getString(1), Utf8.text(row, 2));
  }
}
