package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.sql.SideRows.Step;
import io.quikqueue.sql.SideRows.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** MySQL, and MariaDB: no statement needs to know which of the two. */
final class MySqlDialect implements Dialect {

  private static final String BY_STATE = "FORCE INDEX (jobs_by_state)";
  private static final String JOB_COLUMNS = JobColumns.select(Map.of());
  private static final String DELETE_TIMERS =
      """
      DELETE t FROM (SELECT ? AS due_at, ? AS job_id%s) f
      STRAIGHT_JOIN timers t ON t.due_at = f.due_at AND t.job_id = f.job_id\
      """;
  private static final String TAKE_EXPIRED_KEY =
      """
      ON DUPLICATE KEY UPDATE
        fingerprint = IF(expires_at <= VALUES(created_at), VALUES(fingerprint), fingerprint),
        job_id = IF(expires_at <= VALUES(created_at), VALUES(job_id), job_id),
        ended_as = IF(expires_at <= VALUES(created_at), NULL, ended_as),
        created_at = IF(expires_at <= VALUES(created_at), VALUES(created_at), created_at),
        expires_at = IF(expires_at <= VALUES(created_at), VALUES(expires_at), expires_at)\
      """;
  private static final int MOST_DELETES = 256;

  private final SqlErrors errors = new MySqlErrors();
  private final FieldCipher cipher;

  MySqlDialect() {
    this(FieldCipher.NONE);
  }

  private MySqlDialect(FieldCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public FieldCipher cipher() {
    return cipher;
  }

  @Override
  public Dialect with(FieldCipher other) {
    return new MySqlDialect(other);
  }

  @Override
  public boolean serves(String url) {
    return url.startsWith("jdbc:mysql:");
  }

  @Override
  public Optional<String> problem(String url) {
    return MySqlHosts.problem(url);
  }

  @Override
  public boolean isServer() {
    return true;
  }

  @Override
  public String location(DatabaseConfig config) {
    return MySqlHosts.servers(config.url());
  }

  @Override
  public String changelog() {
    return "mysql.sql";
  }

  @Override
  public Connections connect(DatabaseConfig config, MetricRegistry metrics) {
    ManagedDataSource writing = MySqlPool.transactional(config).build(metrics, "store-writing");
    ManagedDataSource other = config.dataSourceFactory().build(metrics, "store");
    return new Connections(
        writing::getConnection,
        other::getConnection,
        other::getConnection,
        () -> {},
        List.of(writing::stop, other::stop));
  }

  @Override
  public void configure(DataSourceFactory pool, DatabaseConfig config) {
    MySqlPool.configure(pool, config);
  }

  @Override
  public SqlErrors errors() {
    return errors;
  }

  /** The connection does not commit by itself, so that Jdbi takes its transaction for begun. */
  @Override
  public <T> T transaction(Connection connection, Database.Plain<T> work) throws SQLException {
    Commit commit = commit(connection);
    try {
      T result = work.run(connection, commit);
      commit.run();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.rollback();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  @Override
  public Commit commit(Connection connection) {
    return new MySqlCommit(connection);
  }

  @Override
  public String now() {
    return "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))";
  }

  /**
   * It locks a row that is there exclusively; INSERT IGNORE would lock it shared, so that two who
   * wait for a third deadlock, and would let bad data through.
   */
  @Override
  public String keepExisting(String column) {
    return "ON DUPLICATE KEY UPDATE %1$s = %1$s".formatted(column);
  }

  /** Assignments are made in this order: the expiry that the others ask for changes last. */
  @Override
  public String takeExpiredKey() {
    return TAKE_EXPIRED_KEY;
  }

  /**
   * Without the hint MariaDB reads a table whole that has not many more rows than are named, and
   * waits for each row in it that another transaction has locked.
   */
  @Override
  public String byKey(String table) {
    return table + " FORCE INDEX (PRIMARY)";
  }

  @Override
  public String deleteByKey(String table) {
    return "DELETE %s FROM ".formatted(table) + byKey(table);
  }

  @Override
  public String forUpdate() {
    return "FOR UPDATE";
  }

  @Override
  public String addToCounts() {
    return "ON DUPLICATE KEY UPDATE n = n + VALUES(n)";
  }

  @Override
  public String addToWaiting() {
    return addToCounts();
  }

  @Override
  public String addToDeadCounts() {
    return "ON DUPLICATE KEY UPDATE n = n + VALUES(n),"
        + " last_seen_at = GREATEST(last_seen_at, VALUES(last_seen_at))";
  }

  @Override
  public int counterSlots() {
    return 16;
  }

  @Override
  public String indexOf(JobState active) {
    return BY_STATE;
  }

  @Override
  public String indexOfState() {
    return BY_STATE;
  }

  @Override
  public String indexOfEnded(JobState state) {
    return BY_STATE;
  }

  @Override
  public boolean hasQueuedByPriority() {
    return false;
  }

  @Override
  public String indexOfGroups() {
    return BY_STATE;
  }

  @Override
  public String jobColumns() {
    return JOB_COLUMNS;
  }

  @Override
  public String storedPayload() {
    return "j.payload";
  }

  @Override
  public Bodies bodies() {
    return SealedBodies.of(cipher, Bodies.IN_ROW);
  }

  @Override
  public void deleteBodies(Connection connection, List<JobId> jobs) {}

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
    MultiRow.insertMany(connection, head, columns, tail, rows, weight, binder);
  }

  @Override
  public int updateJobs(Connection connection, List<Step> steps, Bodies bodies)
      throws SQLException {
    return MySqlJobUpdates.execute(connection, steps, bodies);
  }

  @Override
  public void deleteTimers(Connection connection, List<Timer> timers) throws SQLException {
    for (int from = 0; from < timers.size(); from += MOST_DELETES) {
      List<Timer> part = timers.subList(from, Math.min(from + MOST_DELETES, timers.size()));
      String sql = DELETE_TIMERS.formatted(" UNION ALL SELECT ?, ?".repeat(part.size() - 1));
      try (PreparedStatement statement = MySql.clientPrepared(connection, sql)) {
        for (int i = 0; i < part.size(); i++) {
          SideRows.bind(statement, i * 2, part.get(i));
        }
        statement.executeUpdate();
      }
    }
  }

  @Override
  public void readRowByRow(Query query) {
    query.setFetchSize(Integer.MIN_VALUE); // Connector/J's sign for it
  }

  @Override
  public Query newestJobs(Handle handle, JobQuery query) {
    JobState state = query.state();
    return state == null ? ListRows.ofAnyState(handle) : ListRows.ofState(handle, BY_STATE, state);
  }

  @Override
  public Map<String, Instant> oldestQueued(Handle handle, SortedSet<String> queues)
      throws SQLException {
    return MySqlOldestJobs.find(handle, queues);
  }
}
