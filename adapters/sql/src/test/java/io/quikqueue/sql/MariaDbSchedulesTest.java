package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SchedulesContract;
import io.quikqueue.contracts.Stores;
import io.quikqueue.domain.port.ScheduleStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MariaDbSchedulesTest extends SchedulesContract {

  private DatabaseConfig config;
  private SqlStores open;

  @Override
  protected Stores open() {
    config = TestDatabase.MARIADB.empty();
    open = TestDatabase.open(config);
    return TestDatabase.ports(open);
  }

  @AfterEach
  void close() {
    open.close();
  }

  /** Of a few rows MariaDB would read all, and wait for each that another has locked. */
  @Test
  void aFireWaitsForNoOtherSchedule() throws SQLException {
    created("b");
    Instant due = NOON.plusSeconds(60);
    List<ScheduleStore.Write> writes =
        Stream.of("a", "c", "d", "e", "f", "g", "h", "i")
            .map(this::created)
            .map(each -> fired(each, due))
            .toList();
    try (Connection other = TestDatabase.connect(config);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT version FROM schedule_states WHERE name = 'b' FOR UPDATE");

      assertThat(schedules.write(writes)).hasSameSizeAs(writes);
      other.rollback();
    }
  }
}
