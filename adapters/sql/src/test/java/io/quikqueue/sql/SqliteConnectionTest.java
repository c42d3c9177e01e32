package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

class SqliteConnectionTest {

  private static final String INSERT = "INSERT INTO things VALUES (?, ?)";
  private static final String SELECT = "SELECT name FROM things WHERE id >= ? ORDER BY id";

  private SqliteConnection connection;

  @BeforeEach
  void open() throws SQLException {
    connection =
        new SqliteConnection("jdbc:sqlite::memory:", ":memory:", new SQLiteConfig().toProperties());
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void aStatementIsPreparedOnceForUsesOneAfterTheOther() throws SQLException {
    PreparedStatement first = connection.prepareStatement(INSERT);
    first.close();
    PreparedStatement second = connection.prepareStatement(INSERT);

    assertThat(second).isSameAs(first);
    assertThat(second.isClosed()).isFalse();
  }

  @Test
  void nobodyGetsAStatementThatIsInUse() throws SQLException {
    PreparedStatement first = connection.prepareStatement(INSERT);
    PreparedStatement second = connection.prepareStatement(INSERT);
    assertThat(second).isNotSameAs(first);

    first.close();
    first.close();
    second.close();

    PreparedStatement third = connection.prepareStatement(INSERT);
    assertThat(connection.prepareStatement(INSERT)).isNotSameAs(third);
  }

  @Test
  void nothingIsLeftOfTheUseBefore() throws SQLException {
    insert(1, "one");
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setInt(1, 2);
      statement.executeUpdate();
    }
    insert(3, "three");
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setInt(1, 1);
      ResultSet left = statement.executeQuery(); // neither read to its end nor closed
      assertThat(left.next()).isTrue();
    }

    assertThat(names(2)).containsExactly(null, "three");
  }

  @Test
  void aStatementThatFailedCanBeUsedAgain() throws SQLException {
    insert(1, "one");
    assertThatThrownBy(() -> insert(1, "again")).hasMessageContaining("UNIQUE");

    insert(2, "two");

    assertThat(names(1)).containsExactly("one", "two");
  }

  @Test
  void onlySoManyAreKept() throws SQLException {
    PreparedStatement oldest = connection.prepareStatement(SELECT);
    oldest.close();
    for (int i = 0; i < 32; i++) {
      connection.prepareStatement("SELECT " + i).close();
    }

    assertThat(connection.prepareStatement(SELECT)).isNotSameAs(oldest);
    assertThatThrownBy(oldest::executeQuery).isInstanceOf(SQLException.class);
  }

  @Test
  void afterACommitNothingIsHeldUntilTheNextStatement(@TempDir Path folder) throws SQLException {
    SQLiteConfig settings = new SQLiteConfig();
    settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    settings.setBusyTimeout(0);
    String file = folder.resolve("things.db").toString();
    connection.close();
    connection = new SqliteConnection("jdbc:sqlite:" + file, file, settings.toProperties());
    try (var statement = connection.createStatement();
        var other = new SqliteConnection("jdbc:sqlite:" + file, file, settings.toProperties());
        var others = other.createStatement()) {
      statement.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)");
      connection.setAutoCommit(false);
      insert(1, "one");
      connection.commit();
      connection.commit();
      connection.rollback();

      others.execute("INSERT INTO things VALUES (2, 'by another')");
      insert(3, "taken back");
      assertThatThrownBy(() -> others.execute("INSERT INTO things VALUES (4, 'meanwhile')"))
          .hasMessageContaining("locked");
      connection.rollback();
      connection.setAutoCommit(true);

      others.execute("INSERT INTO things VALUES (5, 'after it')");
      assertThat(names(1)).containsExactly("one", "by another", "after it");
    }
  }

  @Test
  void whatCouldNotBeginIsNotTakenForBegun(@TempDir Path folder) throws SQLException {
    SQLiteConfig settings = new SQLiteConfig();
    settings.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    settings.setBusyTimeout(0);
    String file = folder.resolve("things.db").toString();
    connection.close();
    connection = new SqliteConnection("jdbc:sqlite:" + file, file, settings.toProperties());
    try (var statement = connection.createStatement();
        var other = new SqliteConnection("jdbc:sqlite:" + file, file, settings.toProperties())) {
      statement.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)");
      other.setAutoCommit(false);

      assertThatThrownBy(() -> connection.setAutoCommit(false)).hasMessageContaining("locked");
      assertThat(connection.getAutoCommit()).isTrue();
      other.rollback();
      other.setAutoCommit(true);

      connection.setAutoCommit(false);
      insert(1, "taken back");
      connection.rollback();
      connection.setAutoCommit(true);
      assertThat(names(1)).isEmpty();
    }
  }

  @Test
  void whatCommitsByItselfRefusesToCommit() {
    assertThatThrownBy(() -> connection.commit()).isInstanceOf(SQLException.class);
  }

  private void insert(int id, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setInt(1, id);
      statement.setString(2, name);
      statement.executeUpdate();
    }
  }

  private List<String> names(int from) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setInt(1, from);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }
}
