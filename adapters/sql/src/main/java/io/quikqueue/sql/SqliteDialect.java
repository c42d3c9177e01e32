package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.sql.SideRows.Step;
import io.quikqueue.sql.SideRows.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * SQLite, in a file of this process alone. Statements write one row at a time: 140,000 updates a
 * second of processor time, against 64,000 when many are joined in one.
 */
final class SqliteDialect implements Dialect {

  private static final String QUEUED = "INDEXED BY jobs_queued";
  private static final String QUEUED_BY_GROUP = "INDEXED BY jobs_queued_by_group";
  private static final String BY_STATE = "INDEXED BY jobs_by_state";
  private static final String SKIPPED = "INDEXED BY jobs_skipped";
  private static final String JOB_COLUMNS = JobColumns.select(SqliteBodies.COLUMNS);
  private static final String DELETE_TIMER = "DELETE FROM timers WHERE due_at = ? AND job_id = ?";

  private static final String TAKE_EXPIRED_KEY =
      """
      ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, job_id = excluded.job_id,
        ended_as = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at
      WHERE expires_at <= excluded.created_at\
      """;

  /**
   * The index of QUEUED jobs has them by queue and priority: the youngest of each line, then of
   * these the youngest. To sort all of a million takes a second.
   */
  private static final String NEWEST_QUEUED =
      """
      WITH line (queue, priority) AS (
        SELECT queue, column1 FROM
          (SELECT queue FROM queue_counts WHERE kind = <queued> <of_queue>
           GROUP BY queue HAVING SUM(n) > 0),
          (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)))
      SELECT j.id, j.state, j.queue, j.type, j.labels FROM line CROSS JOIN jobs j ON j.id IN (
        SELECT id FROM jobs INDEXED BY jobs_queued
        WHERE state = <queued> AND queue = line.queue AND priority = line.priority
          AND id < :before
        ORDER BY id DESC LIMIT :limit)
      ORDER BY j.id DESC LIMIT :limit\
      """;

  /**
   * One look into the index of QUEUED jobs for each priority of each queue, all in one statement:
   * as many statements for a thousand queues take a second.
   */
  private static final String OLDEST_QUEUED =
      """
      WITH waiting (queue) AS (
          SELECT queue FROM queue_counts
          WHERE kind = <queued> AND queue >= :first AND queue <= :last
          GROUP BY queue HAVING SUM(n) > 0),
        line (queue, priority) AS (
          SELECT queue, column1 FROM waiting,
            (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))),
        oldest (queue, id) AS (
          SELECT queue, MIN((
            SELECT id FROM jobs INDEXED BY jobs_queued
            WHERE state = <queued> AND queue = line.queue AND priority = line.priority
            ORDER BY id LIMIT 1))
          FROM line GROUP BY queue)
      SELECT oldest.queue, j.created_at FROM oldest CROSS JOIN jobs j ON j.id = oldest.id\
      """;

  private final SqlErrors errors = new SqliteErrors();
  private final FieldCipher cipher;

  SqliteDialect() {
    this(FieldCipher.NONE);
  }

  private SqliteDialect(FieldCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public FieldCipher cipher() {
    return cipher;
  }

  @Override
  public Dialect with(FieldCipher other) {
    return new SqliteDialect(other);
  }

  @Override
  public boolean serves(String url) {
    return url.startsWith(DatabaseConfig.SQLITE);
  }

  /** Any path will do. */
  @Override
  public Optional<String> problem(String url) {
    return Optional.empty();
  }

  @Override
  public boolean isServer() {
    return false;
  }

  @Override
  public String location(DatabaseConfig config) {
    return config.file().toString();
  }

  @Override
  public String changelog() {
    return "sqlite.sql";
  }

  /** One connection writes, and the file is watched. */
  @Override
  public Connections connect(DatabaseConfig config, MetricRegistry metrics) {
    SqliteConnections reading = SqliteConnections.reading(config);
    SqliteConnections writing = SqliteConnections.writing(config);
    SqliteFiles files = new SqliteFiles(config.file());
    return new Connections(writing, writing, reading, files::verify, List.of(reading, writing));
  }

  @Override
  public void configure(DataSourceFactory pool, DatabaseConfig config) {
    pool.setUrl(DatabaseConfig.SQLITE + config.sqliteName());
    pool.setDriverClass("org.sqlite.JDBC");
  }

  @Override
  public SqlErrors errors() {
    return errors;
  }

  @Override
  public <T> T transaction(Connection connection, Database.Plain<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.run(connection, commit(connection));
      connection.commit();
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      takeBack(connection, e);
      throw e;
    }
  }

  /** A connection that cannot do so serves nobody any more. */
  private static void takeBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
      try {
        connection.close();
      } catch (SQLException second) {
        cause.addSuppressed(second);
      }
    }
  }

  @Override
  public Commit commit(Connection connection) {
    return new SqliteCommit(connection);
  }

  @Override
  public String now() {
    return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)";
  }

  @Override
  public String keepExisting(String column) {
    return "ON CONFLICT DO NOTHING";
  }

  @Override
  public String takeExpiredKey() {
    return TAKE_EXPIRED_KEY;
  }

  @Override
  public String byKey(String table) {
    return table;
  }

  @Override
  public String deleteByKey(String table) {
    return "DELETE FROM " + table;
  }

  /** The only writer has the whole database to itself. */
  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public String addToCounts() {
    return "ON CONFLICT (queue, slot, kind) DO UPDATE SET n = n + excluded.n";
  }

  @Override
  public String addToWaiting() {
    return "ON CONFLICT (queue, job_group) DO UPDATE SET n = n + excluded.n";
  }

  @Override
  public String addToDeadCounts() {
    return "ON CONFLICT (group_id, queue, slot) DO UPDATE SET n = n + excluded.n,"
        + " last_seen_at = MAX(last_seen_at, excluded.last_seen_at)";
  }

  @Override
  public int counterSlots() {
    return 1;
  }

  @Override
  public String indexOf(JobState active) {
    return active == JobState.QUEUED ? QUEUED : BY_STATE;
  }

  @Override
  public String indexOfState() {
    return BY_STATE;
  }

  @Override
  public String indexOfEnded(JobState state) {
    return state == JobState.DONE ? "" : state == JobState.SKIPPED ? SKIPPED : BY_STATE;
  }

  @Override
  public boolean hasQueuedByPriority() {
    return true;
  }

  @Override
  public String indexOfGroups() {
    return QUEUED_BY_GROUP;
  }

  @Override
  public String jobColumns() {
    return JOB_COLUMNS;
  }

  @Override
  public String storedPayload() {
    return SqliteBodies.PAYLOAD_COLUMN;
  }

  @Override
  public Bodies bodies() {
    return SealedBodies.of(cipher, new SqliteBodies());
  }

  @Override
  public void deleteBodies(Connection connection, List<JobId> jobs) throws SQLException {
    SqliteBodies.delete(connection, jobs);
  }

  @Override
  public <T> void insert(
      Connection connection,
      String head,
      int columns,
      String tail,
      List<T> rows,
      MultiRow.Weight<T> weight,
      MultiRow.Binder<T> binder)
      throws SQLException {
    MultiRow.executeEach(connection, MultiRow.text(head, columns, tail, 1), rows, binder);
  }

  @Override
  public int updateJobs(Connection connection, List<Step> steps, Bodies bodies)
      throws SQLException {
    return JobUpdates.executeEach(connection, steps, bodies);
  }

  @Override
  public void deleteTimers(Connection connection, List<Timer> timers) throws SQLException {
    MultiRow.executeEach(connection, DELETE_TIMER, timers, SideRows::bind);
  }

  /** It always does. */
  @Override
  public void readRowByRow(Query query) {}

  /**
   * The indexes leave out DONE, which is most jobs: those are met by walking all. An index is used
   * only for a state that stands in the text.
   */
  @Override
  public Query newestJobs(Handle handle, JobQuery query) {
    JobState state = query.state();
    if (state == null || state == JobState.DONE) {
      return ListRows.ofAnyState(handle);
    }
    if (state != JobState.QUEUED) {
      return ListRows.ofState(handle, state == JobState.SKIPPED ? SKIPPED : BY_STATE, state);
    }
    String queue = query.queue();
    Query queued =
        handle
            .createQuery(NEWEST_QUEUED)
            .define("of_queue", queue == null ? "" : "AND queue = :queue");
    return queue == null ? queued : queued.bind("queue", queue);
  }

  @Override
  public Map<String, Instant> oldestQueued(Handle handle, SortedSet<String> queues) {
    Map<String, Instant> oldest = new HashMap<>();
    handle
        .createQuery(OLDEST_QUEUED)
        .bind("first", queues.first())
        .bind("last", queues.last())
        .map((row, _) -> oldest.put(row.getString(1), Micros.toInstant(row.getLong(2))))
        .list();
    return oldest;
  }
}
