package io.quikqueue.sql;

import io.quikqueue.contracts.GrowingWorkflowsContract;
import io.quikqueue.contracts.Stores;
import org.junit.jupiter.api.AfterEach;

class MariaDbGrowingWorkflowsTest extends GrowingWorkflowsContract {

  private SqlStores open;

  @Override
  protected Stores open() {
    open = TestDatabase.open(TestDatabase.MARIADB.empty());
    return TestDatabase.ports(open);
  }

  @AfterEach
  void close() {
    open.close();
  }
}
