package io.quikqueue.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * A bounded number of connections to one SQLite file. The writer's pool holds one, so that writers
 * queue here and not in SQLite's polling; readers never wait for it.
 */
final class SqliteConnections implements ConnectionFactory, AutoCloseable {

  private static final int WAL_PAGES = 4000;
  private static final String CACHE_KIB = "-16384";

  private final String name;
  private final SQLiteConfig settings;
  private final Semaphore permits;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final long waitMillis;
  private volatile boolean closed;

  private SqliteConnections(DatabaseConfig config, int size, boolean reading) {
    this.name = config.sqliteName();
    this.permits = new Semaphore(size, true);
    this.waitMillis = config.poolTimeout().toMillis();
    this.settings = new SQLiteConfig();
    settings.setJournalMode(SQLiteConfig.JournalMode.WAL);
    settings.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    settings.setBusyTimeout(Math.toIntExact(config.socketTimeout().toMillis()));
    settings.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, CACHE_KIB);
    settings.enforceForeignKeys(false);
    // nobody asks for them, and they cost a SELECT after each INSERT
    settings.setGetGeneratedKeys(false);
    if (!reading) {
      settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    }
  }

  /** The one connection that writes. Makes the file, readable by its owner only. */
  static SqliteConnections writing(DatabaseConfig config) {
    makePrivate(config.file());
    return new SqliteConnections(config, 1, false);
  }

  static SqliteConnections reading(DatabaseConfig config) {
    return new SqliteConnections(config, config.maxConnections(), true);
  }

  @Override
  public Connection openConnection() throws SQLException {
    try {
      if (!permits.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
        throw new SQLException("no connection became free within " + waitMillis + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", e);
    }
    try {
      if (closed) {
        throw new SQLException("closed");
      }
      Connection free = idle.poll();
      return free == null ? connect() : free;
    } catch (SQLException | RuntimeException e) {
      permits.release();
      throw e;
    }
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    try {
      if (closed) {
        connection.close();
      } else if (!connection.isClosed()) {
        idle.push(connection);
      }
    } finally {
      permits.release();
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = new SqliteConnection(JDBC.PREFIX + name, name, settings.toProperties());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = " + WAL_PAGES);
    } catch (SQLException e) {
      connection.close();
      throw new SQLTransientConnectionException(e);
    }
    return connection;
  }

  /** Closes idle connections now, and the others when they come back. */
  @Override
  public void close() throws SQLException {
    closed = true;
    Connection each = idle.poll();
    while (each != null) {
      each.close();
      each = idle.poll();
    }
  }

  private static void makePrivate(Path file) {
    try {
      PrivateFiles.createFolder(file.getParent());
      PrivateFiles.create(file);
      PrivateFiles.tighten(
          List.of(
              file.resolveSibling(file.getFileName() + "-wal"),
              file.resolveSibling(file.getFileName() + "-shm")));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot make " + file + ": " + e, e);
    }
  }
}
