package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.Users;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SqlUsersTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static User user(String id, String email) {
    User.Profile profile = new User.Profile("A", email, null, "+4915112345678");
    return User.created(id.repeat(16), profile, Role.VIEWER, "hash", NOW, "me");
  }

  @Test
  void anotherConflictThanThatOfTheAddressIsNotToldAsIt() throws SQLException {
    DatabaseConfig config = TestDatabase.SQLITE.empty();
    try (Connection connection = TestDatabase.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE UNIQUE INDEX of_a_later_version ON users (phone)");
    }
    try (SqlStores open = TestDatabase.open(config)) {
      Users users = open.accounts().users();
      users.create(user("1", "a@example.com"));

      assertThatThrownBy(() -> users.create(user("2", "b@example.com")))
          .isInstanceOf(UnavailableException.class);

      assertThat(users.findByEmail("b@example.com")).isEmpty();
    }
  }
}
