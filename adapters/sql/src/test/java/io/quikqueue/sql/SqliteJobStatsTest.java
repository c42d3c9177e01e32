package io.quikqueue.sql;

import io.quikqueue.contracts.JobStatsContract;
import io.quikqueue.domain.port.JobStats;
import org.junit.jupiter.api.AfterEach;

class SqliteJobStatsTest extends JobStatsContract {

  private SqlStores stores;

  @Override
  protected JobStats open() {
    stores = TestDatabase.open(TestDatabase.SQLITE.empty());
    return stores.stats();
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
