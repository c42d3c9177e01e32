package io.quikqueue.sql;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work on the database: writes in one transaction each, reads without. Deadlocks and lost
 * connections are tried again, so every piece of work must be one that can be repeated although an
 * earlier run of it may have been committed. What is left becomes an {@link UnavailableException}.
 */
final class Database {

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /** A piece of work. It must not keep the handle. */
  interface Work<T> {
    T run(Handle handle) throws SQLException;
  }

  /** A piece of work in a transaction, which is committed when it returns. */
  interface Writing<T> {
    T run(Handle handle, Commit commit) throws SQLException;
  }

  /**
   * A piece of work in a transaction by JDBC alone: to open a handle of Jdbi takes as long as a few
   * short statements on SQLite. It must not keep the connection.
   */
  interface Plain<T> {
    T run(Connection connection, Commit commit) throws SQLException;
  }

  /** A piece of work that only reads, by JDBC alone. It must not keep the connection. */
  interface PlainRead<T> {
    T run(Connection connection) throws SQLException;
  }

  private final Dialect dialect;
  private final ConnectionFactory transactions;
  private final ConnectionFactory reads;
  private final Jdbi writer;
  private final Jdbi reader;
  private final Jdbi committing;
  private final Connections.Check check;
  private final FailsafeExecutor<Object> retrying;

  Database(DatabaseConfig config, Connections connections) {
    this.dialect = config.dialect().with(config.cipher());
    this.check = connections.check();
    this.transactions = connections.transactions();
    this.reads = connections.reads();
    this.writer = jdbi(connections.transactions());
    this.committing = jdbi(connections.statements());
    this.reader = jdbi(connections.reads());
    this.retrying =
        Failsafe.with(
            RetryPolicy.builder()
                .handleIf(dialect.errors()::mayPass)
                .withMaxAttempts(config.tries())
                .withMaxDuration(config.retryWithin())
                .withBackoff(Duration.ofMillis(10), Duration.ofMillis(500), 4)
                .withJitter(0.5)
                .onRetry(
                    event ->
                        log.debug(
                            "event=store_retry try={} cause={}",
                            event.getAttemptCount(),
                            code(event.getLastException())))
                .build());
  }

  private Jdbi jdbi(ConnectionFactory connections) {
    Jdbi jdbi = Jdbi.create(connections);
    jdbi.getConfig(SqlStatements.class)
        .define("job", dialect.jobColumns())
        .define("queued", JobState.QUEUED.code())
        .define("now", dialect.now())
        .define("for_update", dialect.forUpdate());
    return jdbi;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Runs work in one transaction. */
  <T> T write(Writing<T> work) {
    return call(() -> inTransaction(work));
  }

  /**
   * Runs work whose statements each commit by themselves: a process that is frozen between two of
   * them leaves no row locked.
   */
  <T> T writeEach(Work<T> work) {
    return call(() -> kept(committing.withHandle(work::run)));
  }

  /**
   * Runs work in one transaction.
   *
   * @throws BadRowException when the database cannot hold a value, or has a row of that key
   */
  <T> T writeRows(Writing<T> work) throws BadRowException {
    return callRows(() -> inTransaction(work));
  }

  /** As {@link #write}, by JDBC alone. */
  <T> T writePlain(Plain<T> work) {
    return call(() -> plain(work));
  }

  /** As {@link #writeRows}, by JDBC alone. */
  <T> T writeRowsPlain(Plain<T> work) throws BadRowException {
    return callRows(() -> plain(work));
  }

  private <T> T callRows(Attempt<T> attempt) throws BadRowException {
    try {
      return call(attempt);
    } catch (UnavailableException e) {
      SqlErrors errors = dialect.errors();
      if (errors.duplicate(e) || errors.badData(e)) {
        throw new BadRowException(e.getCause(), errors.duplicate(e));
      }
      throw e;
    }
  }

  /** Runs work that only reads; each statement sees what is committed when it begins. */
  <T> T read(Work<T> work) {
    return call(() -> reader.withHandle(work::run));
  }

  /** As {@link #read}, by JDBC alone. */
  <T> T readPlain(PlainRead<T> work) {
    return call(
        () -> {
          Connection connection = reads.openConnection();
          try {
            return work.run(connection);
          } finally {
            reads.closeConnection(connection);
          }
        });
  }

  private <T> T inTransaction(Writing<T> work) throws SQLException {
    return kept(
        writer.withHandle(
            handle ->
                dialect.transaction(
                    handle.getConnection(), (_, commit) -> work.run(handle, commit))));
  }

  private <T> T plain(Plain<T> work) throws SQLException {
    Connection connection = transactions.openConnection();
    try {
      return kept(dialect.transaction(connection, work));
    } finally {
      transactions.closeConnection(connection);
    }
  }

  /** What a commit has brought, if it was into a file that is there after the next start too. */
  private <T> T kept(T result) throws SQLException {
    check.run();
    return result;
  }

  private interface Attempt<T> {
    T run() throws SQLException;
  }

  private <T> T call(Attempt<T> attempt) {
    try {
      return retrying.get(attempt::run);
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw unavailable(e);
    } catch (JdbiException e) {
      throw unavailable(e);
    }
  }

  private UnavailableException unavailable(RuntimeException e) {
    SQLException cause = SqlErrors.sql(e);
    if (cause != null && dialect.errors().mayNameUser(cause)) {
      return new UnavailableException(
          "store",
          "the server refuses the user or the password (error %d)".formatted(cause.getErrorCode()));
    }
    return new UnavailableException("store", cause == null ? e : cause);
  }

  private static String code(Throwable failure) {
    SQLException e = SqlErrors.sql(failure);
    return e == null
        ? failure.getClass().getSimpleName()
        : e.getSQLState() + "/" + e.getErrorCode();
  }
}
