package io.quikqueue.sql;

import io.quikqueue.contracts.ParkedJobsContract;
import io.quikqueue.contracts.Stores;
import io.quikqueue.domain.port.ParkedJobs;
import org.junit.jupiter.api.AfterEach;

class SqliteParkedJobsTest extends ParkedJobsContract {

  private SqlStores open;

  @Override
  protected Stores open() {
    open = TestDatabase.open(TestDatabase.SQLITE.empty());
    return TestDatabase.ports(open);
  }

  @Override
  protected ParkedJobs parked() {
    return open.parked();
  }

  @AfterEach
  void close() {
    open.close();
  }
}
