package io.quikqueue.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbServerTest {
  @TempDir Path dir;

  @Test
  void answersOverJdbcAndKeepsWhatWasCommittedOverKillAndRestart() throws SQLException {
    try (MariaDbServer server = MariaDbServer.start(ServerOptions.in(dir))) {
      try (Connection connection = connect(server, server.jdbcUrl());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        statement.execute("INSERT INTO t VALUES (42)");
      }
      long first = server.pid();

      server.kill();
      server.start();

      assertThat(server.pid()).isNotEqualTo(first);
      assertThat(one(server, server.jdbcUrl(), "SELECT id FROM t")).isEqualTo("42");
    }
  }

  @Test
  void isSetUpForDurableReadCommittedWork() throws SQLException {
    MariaDbServer server = SharedServers.mariaDb();

    assertThat(one(server, server.jdbcUrl(), "SELECT @@transaction_isolation"))
        .isEqualTo("READ-COMMITTED");
    assertThat(one(server, server.jdbcUrl(), "SELECT @@innodb_flush_log_at_trx_commit"))
        .isEqualTo("1");
    assertThat(one(server, server.jdbcUrl(), "SELECT @@character_set_database"))
        .isEqualTo("utf8mb4");
  }

  @Test
  void makesADatabaseThatIsMissingButNoneOfAForeignName() throws SQLException {
    MariaDbServer server = SharedServers.mariaDb();

    assertThat(one(server, server.jdbcUrl("quikqueue_other"), "SELECT DATABASE()"))
        .isEqualTo("quikqueue_other");
    assertThatThrownBy(() -> server.jdbcUrl("mysql")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAWrongPassword() {
    MariaDbServer server = SharedServers.mariaDb();

    assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.user(), "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Access denied");
  }

  @Test
  void wipingForgetsTheDataButNotThePassword() throws SQLException, IOException {
    try (MariaDbServer server = MariaDbServer.start(ServerOptions.in(dir))) {
      String password = server.password();
      try (Connection connection = connect(server, server.jdbcUrl());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      }

      server.wipe();

      assertThat(server.password()).isEqualTo(password);
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("password"))))
          .isEqualTo("rw-------");
      assertThat(
              one(
                  server,
                  server.jdbcUrl(),
                  "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'quikqueue'"))
          .isEqualTo("0");
    }
  }

  private static Connection connect(MariaDbServer server, String url) throws SQLException {
    return DriverManager.getConnection(url, server.user(), server.password());
  }

  private static String one(MariaDbServer server, String url, String query) throws SQLException {
    try (Connection connection = connect(server, url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
