package io.quikqueue.sql;

import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrozenTransactionTest {

  @Test
  void whatAFrozenProcessHasLockedIsSoonFreeForOthers() throws Exception {
    MariaDbServer server = SharedServers.mariaDb();
    DatabaseConfig config =
        DatabaseConfig.of(server.jdbcUrl("quikqueue_frozen"), server.user(), server.password());
    try (Connection other = TestDatabase.connect(config);
        Statement statement = other.createStatement()) {
      statement.execute("CREATE OR REPLACE TABLE t (id INT PRIMARY KEY, n INT) ENGINE = InnoDB");
      statement.execute("INSERT INTO t VALUES (1, 0)");
      statement.execute("SET innodb_lock_wait_timeout = 1");
      ManagedDataSource writing =
          MySqlPool.transactional(config).build(new MetricRegistry(), "writing");
      try (Connection frozen = writing.getConnection();
          Statement locking = frozen.createStatement()) {
        locking.execute("UPDATE t SET n = 1 WHERE id = 1");

        await()
            .atMost(Duration.ofMinutes(1))
            .ignoreExceptionsInstanceOf(SQLException.class)
            .until(() -> statement.executeUpdate("UPDATE t SET n = 2 WHERE id = 1 AND n = 0") == 1);
      } finally {
        writing.stop();
      }
    }
  }
}
