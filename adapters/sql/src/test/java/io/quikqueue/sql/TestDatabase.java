package io.quikqueue.sql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.quikqueue.contracts.Stores;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.SharedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** Databases for tests: a new SQLite file each time, or an emptied database of the one MariaDB. */
enum TestDatabase {
  SQLITE {
    @Override
    DatabaseConfig unmigrated() {
      try {
        Path dir = Files.createTempDirectory(Path.of("target"), "sqlite-");
        return DatabaseConfig.of("jdbc:sqlite:" + dir.resolve("quikqueue.db"), null, null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    DatabaseConfig empty() {
      DatabaseConfig config = unmigrated();
      try {
        Files.copy(Template.FILE, Path.of(config.url().substring("jdbc:sqlite:".length())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return config;
    }
  },

  /** In a session zone that no host of a database would choose. */
  MARIADB {
    @Override
    DatabaseConfig unmigrated() {
      return mariaDb("quikqueue_sql_" + Long.toHexString(System.nanoTime()));
    }

    @Override
    DatabaseConfig empty() {
      DatabaseConfig config = mariaDb("quikqueue_sql");
      Migrations.migrate(config);
      try (Connection connection = connect(config);
          Statement statement = connection.createStatement()) {
        for (String table : TABLES) {
          statement.execute("DELETE FROM " + table);
        }
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
      return config;
    }
  };

  static final List<String> TABLES =
      List.of(
          "jobs",
          "outbox",
          "timers",
          "idempotency_keys",
          "attempts",
          "queue_counts",
          "workers",
          "job_types",
          "leases",
          "pauses",
          "group_pauses",
          "desired_workers",
          "limits",
          "limits_version",
          "waiting_counts",
          "dead_groups",
          "dead_counts",
          "dead_jobs",
          "dependencies",
          "ordering_lines",
          "operations",
          "generations",
          "policies",
          "api_keys",
          "users",
          "user_sessions",
          "login_failures",
          "login_days",
          "token_keys",
          "audit_log",
          "job_counts",
          "dead_outbox",
          "unique_jobs",
          "job_logs",
          "parked",
          "job_steps",
          "job_signals",
          "schedules",
          "schedule_states",
          "schedule_fires",
          "workflows",
          "workflow_nodes",
          "workflow_untold",
          "workflow_generations",
          "workflow_history",
          "workflow_waits");

  private static final class Template {
    static final Path FILE = make();

    private static Path make() {
      DatabaseConfig config = SQLITE.unmigrated();
      Migrations.migrate(config);
      return Path.of(config.url().substring("jdbc:sqlite:".length()));
    }
  }

  /** A database without tables. */
  abstract DatabaseConfig unmigrated();

  /** A database with empty tables. */
  abstract DatabaseConfig empty();

  static DatabaseConfig mariaDb(String database) {
    return mariaDb(SharedServers.mariaDb(), database);
  }

  static DatabaseConfig mariaDb(MariaDbServer server, String database) {
    return DatabaseConfig.of(
        server.jdbcUrl(database) + "&sessionVariables=time_zone='%2B05:45'",
        server.user(),
        server.password());
  }

  static void execute(DatabaseConfig config, String sql) {
    try (Connection connection = connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static Connection connect(DatabaseConfig config) throws SQLException {
    return DriverManager.getConnection(
        config.url(),
        config.dataSourceFactory().getUser(),
        config.dataSourceFactory().getPassword());
  }

  /** A connection as those of the pool that runs transactions. */
  static Connection connectWriting(DatabaseConfig config) throws SQLException {
    boolean mysql = config.isServer();
    DataSourceFactory pool = mysql ? MySqlPool.transactional(config) : config.dataSourceFactory();
    Properties properties = new Properties();
    properties.putAll(pool.getProperties());
    if (mysql) {
      properties.put("user", pool.getUser());
      properties.put("password", pool.getPassword());
    }
    Connection connection = DriverManager.getConnection(pool.getUrl(), properties);
    connection.setTransactionIsolation(
        mysql ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_SERIALIZABLE);
    connection.setAutoCommit(!mysql);
    return connection;
  }

  static SqlStores open(DatabaseConfig config) {
    return SqlStores.open(config, new MetricRegistry());
  }

  static Stores ports(SqlStores stores) {
    return Stores.inRealTime(
        stores.jobs(),
        stores.outbox(),
        stores.timers(),
        stores.active(),
        stores.queues(),
        stores.workers(),
        stores.desired(),
        stores.leadership(),
        stores.pauses(),
        stores.limits(),
        stores.policies(),
        stores.dead(),
        stores.dependencies(),
        stores.operations(),
        stores.deadOutbox(),
        stores.logs(),
        stores.steps(),
        stores.signals(),
        stores.schedules(),
        stores.workflows(),
        stores.workflowSignals(),
        stores.apiKeys(),
        stores.accounts());
  }
}
