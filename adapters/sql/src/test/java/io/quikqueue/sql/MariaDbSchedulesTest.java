package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SchedulesContract;
import io.quikqueue.contracts.Stores;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.StoredSchedule;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
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

  @Override
  protected void spoil(String name) {
    TestDatabase.execute(
        config,
        "UPDATE schedules SET spec = REPLACE(spec, 'zone=Z', 'zone=Mars/Olympus') WHERE name = '"
            + name
            + "'");
  }

  /** Rows of a quarter of a mebibyte each. */
  @Test
  void largeOnesAreReadAFewAtATime() {
    int all = 40;
    for (int i = 0; i < all; i++) {
      created("s%02d".formatted(i), "\"" + "漢".repeat(60_000) + "\"");
    }
    List<StoredSchedule> listed = new ArrayList<>();
    ScheduleStore.Page page;
    do {
      page = schedules.list(listed.isEmpty() ? null : listed.getLast().name(), 500);
      assertThat(page.schedules()).hasSizeBetween(1, 24);
      listed.addAll(page.schedules());
    } while (page.more());

    assertThat(listed).hasSize(all);
    assertThat(schedules.due(NOON.plusSeconds(60), 200)).hasSizeBetween(1, 24);
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
