package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.JobQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * A database: its texts, and what it does in a way of its own. There is one object per database,
 * and nothing asks which one it is: what differs is a method here.
 */
interface Dialect {

  /** Whether it is the database of this JDBC URL. */
  boolean serves(String url);

  /** What is wrong with a URL of it, without anything that is in it; empty = nothing. */
  Optional<String> problem(String url);

  /** Whether it is a server, which many processes may share. */
  boolean isServer();

  /** Where the database is, without user and password. */
  String location(DatabaseConfig config);

  /** The resource with its change sets. */
  String changelog();

  /** Opens pools; needs no database that answers. */
  Connections connect(DatabaseConfig config, MetricRegistry metrics);

  /** Sets what a pool of its connections needs, for what does not run in transactions. */
  void configure(DataSourceFactory pool, DatabaseConfig config);

  /** Tells the errors of its driver apart. */
  SqlErrors errors();

  /** Runs work in a transaction on a connection for transactions. */
  <T> T transaction(Connection connection, Database.Plain<T> work) throws SQLException;

  /** The end of a transaction that has begun on this connection. */
  Commit commit(Connection connection);

  /** The store's clock in microseconds since 1970: an expression that no session zone changes. */
  String now();

  /**
   * What makes an INSERT pass over rows that are there.
   *
   * @param column one of the table, for databases that have to set something
   */
  String keepExisting(String column);

  /** What makes an INSERT into {@code idempotency_keys} take over rows that expired before it. */
  String takeExpiredKey();

  /** A table whose rows are to be found by its primary key alone. */
  String byKey(String table);

  /** Begins a DELETE of rows that are named by their primary key. */
  String deleteByKey(String table);

  /** Makes a SELECT lock its rows. */
  String forUpdate();

  /** What makes an INSERT into {@code queue_counts} add to rows that are there. */
  String addToCounts();

  /** What makes an INSERT into {@code waiting_counts} add to rows that are there. */
  String addToWaiting();

  /** What makes an INSERT into {@code dead_counts} add to rows that are there. */
  String addToDeadCounts();

  /** How many counters there are of one thing, so that concurrent transactions rarely meet. */
  int counterSlots();

  /** The index, of the table {@code jobs j}, that finds the jobs in an active state. */
  String indexOf(JobState active);

  /** The index, of the table {@code jobs j}, that finds the jobs in a state that is not active. */
  String indexOfState();

  /** The index, of the table {@code jobs j}, that finds jobs in a terminal state; empty = none. */
  String indexOfEnded(JobState state);

  /** Whether an index has the QUEUED jobs of a queue by priority. */
  boolean hasQueuedByPriority();

  /** The index, of the table {@code jobs j}, that finds the QUEUED jobs of one group. */
  String indexOfGroups();

  /** The columns that {@link JobColumns#read} reads. */
  String jobColumns();

  /** The payload of the table {@code jobs j} as it is stored, wherever that is. */
  String storedPayload();

  /** Selects whole jobs by a list of ids, which takes the place of {@code %s}. */
  default String jobsById() {
    return "SELECT " + jobColumns() + " FROM jobs j WHERE j.id IN (%s)";
  }

  /** What encrypts payloads, results and logs. */
  FieldCipher cipher();

  /** The same with another cipher. */
  Dialect with(FieldCipher cipher);

  /** Where the long texts of one transaction go. */
  Bodies bodies();

  /** Deletes what is kept out of the rows of jobs that are deleted. */
  void deleteBodies(Connection connection, List<JobId> jobs) throws SQLException;

  /**
   * Inserts rows.
   *
   * @param head the statement up to VALUES
   * @param columns values in a row
   * @param tail what follows the rows
   */
  <T> void insert(
      Connection connection,
      String head,
      int columns,
      String tail,
      List<T> rows,
      MultiRow.Weight<T> weight,
      MultiRow.Binder<T> binder)
      throws SQLException;

  /** Updates the jobs that are where their step begins; returns how many were. */
  int updateJobs(Connection connection, List<SideRows.Step> steps, Bodies bodies)
      throws SQLException;

  /** Deletes rows of the table {@code timers}; those that are not there are no error. */
  void deleteTimers(Connection connection, List<SideRows.Timer> timers) throws SQLException;

  /** Makes a query hand over row by row, however many there are. */
  void readRowByRow(Query query);

  /**
   * Finds jobs from the newest to the oldest: id, state, queue, type and labels. At least those in
   * the state that is asked for are among them, and at most all.
   *
   * @return a query with {@code :before} and {@code :limit} still to be bound
   */
  Query newestJobs(Handle handle, JobQuery query);

  /** When the oldest QUEUED job of each of these queues was made, where it has one. */
  Map<String, Instant> oldestQueued(Handle handle, SortedSet<String> queues) throws SQLException;
}
