package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommitTest {

  @ParameterizedTest
  @EnumSource
  void whatIsInsertedLastIsThereOnceItReturns(TestDatabase database) throws SQLException {
    DatabaseConfig config = database.empty();
    try (Connection connection = TestDatabase.connectWriting(config)) {
      connection.setAutoCommit(false);
      Commit commit = config.dialect().commit(connection);
      insertTypes(commit, "echo", "http");
      insertLeases(commit, "a");
      insertTypes(commit);

      commit.run();
    }

    assertThat(count(config, "job_types")).isEqualTo(2);
    assertThat(count(config, "leases")).isOne();
  }

  @ParameterizedTest
  @EnumSource
  void whenOneOfTheLastStatementsFailsNothingIsCommitted(TestDatabase database)
      throws SQLException {
    DatabaseConfig config = database.empty();
    try (Connection connection = TestDatabase.connectWriting(config)) {
      connection.setAutoCommit(false);
      Commit commit = config.dialect().commit(connection);

      SQLException failure =
          catchThrowableOfType(
              SQLException.class,
              () -> {
                insertTypes(commit, "echo");
                insertLeases(commit, "a", "a");
                commit.run();
              });

      assertThat(config.dialect().errors().duplicate(failure)).isTrue();
      connection.rollback();
      Commit next = config.dialect().commit(connection);
      insertTypes(next, "http");
      next.run();
    }

    assertThat(count(config, "job_types")).as("only that of the next transaction").isOne();
    assertThat(count(config, "leases")).isZero();
  }

  private static void insertTypes(Commit commit, String... types) throws SQLException {
    commit.insert(
        "INSERT INTO job_types (type) VALUES",
        1,
        "",
        List.of(types),
        (statement, at, type) -> statement.setString(at + 1, type));
  }

  private static void insertLeases(Commit commit, String... names) throws SQLException {
    commit.insert(
        "INSERT INTO leases (name, holder, expires_at) VALUES",
        3,
        "",
        List.of(names),
        (statement, at, name) -> {
          statement.setString(at + 1, name);
          statement.setString(at + 2, "holder");
          statement.setLong(at + 3, 1);
        });
  }

  private static int count(DatabaseConfig config, String table) throws SQLException {
    try (Connection connection = TestDatabase.connect(config);
        PreparedStatement statement = connection.prepareStatement("SELECT COUNT(*) FROM " + table);
        ResultSet row = statement.executeQuery()) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }
}
