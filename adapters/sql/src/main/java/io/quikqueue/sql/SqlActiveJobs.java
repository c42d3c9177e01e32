package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.BacklogQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** QUEUED and RUNNING jobs, found by index. */
final class SqlActiveJobs implements ActiveJobs {

  private static final byte[] BOTTOM = new byte[16];
  private static final String SCAN =
      """
      SELECT <job> FROM jobs j <index>
      WHERE j.state = <state> AND j.id > :after AND j.queue NOT IN (<except>) <unparked>
      ORDER BY j.id LIMIT :limit\
      """;

  /**
   * The last of so many jobs that a statement may look at: a group can have millions of parked ones
   * between two that are not.
   */
  private static final String LAST =
      """
      SELECT j.id FROM jobs j <index>
      WHERE j.state = <state> AND j.id > :after AND j.queue NOT IN (<except>)
      ORDER BY j.id LIMIT 1 OFFSET 1999\
      """;

  private static final String UNPARKED =
      """
      AND (:last IS NULL OR j.id <= :last) AND NOT EXISTS
        (SELECT 1 FROM parked p WHERE p.job_id = j.id AND p.attempt = j.attempt)\
      """;

  /** Stands for no name, since a list in SQL has at least one value. */
  private static final List<String> NONE = List.of("");

  /**
   * On MySQL, where the ready queue is in another server and nobody asks for it often, this sorts
   * all that are QUEUED.
   */
  private static final String BACKLOG =
      """
      SELECT <job> FROM jobs j <index>
      WHERE j.state = <queued> AND j.queue = :queue AND (j.priority, j.id) > (:priority, :after)
        AND (:every_type OR j.type IN (<types>)) <groups>
      ORDER BY j.priority, j.id LIMIT :limit\
      """;

  private static final String OF_GROUP = "AND j.job_group = :group";
  private static final String NOT_OF_GROUPS =
      "AND (j.job_group IS NULL OR j.job_group NOT IN (<except>))";

  private final Database database;
  private final JobPages pages;

  SqlActiveJobs(Database database) {
    this.database = database;
    this.pages = new JobPages(database.dialect());
  }

  @Override
  public List<Job> scan(JobState state, @Nullable JobId after, Set<String> except, int limit) {
    if (!state.active()) {
      throw new IllegalArgumentException(state + " is not an active state");
    }
    byte[] from = after == null ? BOTTOM : after.bytes();
    if (state == JobState.RUNNING) {
      return page(state, from, except, null, limit);
    }
    while (true) {
      byte[] last = last(state, from, except);
      List<Job> page = page(state, from, except, last, limit);
      if (last == null || !page.isEmpty()) {
        return page;
      }
      from = last; // all of these are parked
    }
  }

  private List<Job> page(
      JobState state, byte[] after, Set<String> except, byte @Nullable [] last, int limit) {
    return database.read(
        handle -> {
          Query query =
              query(handle, SCAN, state, after, except)
                  .define("unparked", state == JobState.QUEUED ? UNPARKED : "");
          return pages.read(
              state == JobState.QUEUED ? query.bind("last", last) : query,
              limit,
              (row, _) -> JobColumns.read(row, database.dialect().cipher()),
              Job::chars);
        });
  }

  private byte @Nullable [] last(JobState state, byte[] after, Set<String> except) {
    return database
        .read(handle -> query(handle, LAST, state, after, except).mapTo(byte[].class).findOne())
        .orElse(null);
  }

  private Query query(Handle handle, String sql, JobState state, byte[] after, Set<String> except) {
    return handle
        .createQuery(sql)
        .define("index", database.dialect().indexOf(state))
        .define("state", state.code())
        .bind("after", after)
        .bindList("except", except.isEmpty() ? NONE : except);
  }

  @Override
  public Map<JobId, String> workers(Collection<JobId> running) {
    return running.isEmpty()
        ? Map.of()
        : database.read(handle -> workers(handle.getConnection(), Ids.sorted(running)));
  }

  private Map<JobId, String> workers(Connection connection, List<JobId> running)
      throws SQLException {
    return RunningWorkers.of(connection, database.dialect(), running, "");
  }

  @Override
  public List<Job> backlog(BacklogQuery asked, @Nullable Job after, int limit) {
    return database.read(
        handle ->
            backlog(handle, asked)
                .bind("queue", asked.queue())
                .bind("every_type", asked.types().isEmpty())
                .bindList("types", asked.types().isEmpty() ? NONE : asked.types())
                .bind("priority", after == null ? -1 : after.spec().priority())
                .bind("after", after == null ? BOTTOM : after.id().bytes())
                .bind("limit", limit)
                .map((row, _) -> JobColumns.read(row, database.dialect().cipher()))
                .list());
  }

  private Query backlog(Handle handle, BacklogQuery asked) {
    Dialect dialect = database.dialect();
    String group = asked.group();
    String groups = group != null ? OF_GROUP : asked.except().isEmpty() ? "" : NOT_OF_GROUPS;
    Query query =
        handle
            .createQuery(BACKLOG.replace("<groups>", groups))
            .define(
                "index",
                group == null ? dialect.indexOf(JobState.QUEUED) : dialect.indexOfGroups());
    if (group != null) {
      query.bind("group", group);
    } else if (!asked.except().isEmpty()) {
      query.bindList("except", asked.except());
    }
    return query;
  }
}
