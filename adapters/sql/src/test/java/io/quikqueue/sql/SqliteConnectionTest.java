package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
