package io.quikqueue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SchedulesContract;
import io.quikqueue.contracts.Stores;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.schedule.StoredSchedule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SqliteSchedulesTest extends SchedulesContract {

  private DatabaseConfig config;
  private SqlStores open;

  @Override
  protected Stores open() {
    config = TestDatabase.SQLITE.empty();
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
        "UPDATE schedules SET spec = CAST(REPLACE(spec, 'zone=Z', 'zone=Mars/Olympus') AS BLOB)"
            + " WHERE name = '"
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
}
