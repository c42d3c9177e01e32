package io.quikqueue.sql;

import io.quikqueue.contracts.GrowingWorkflowsContract;
import io.quikqueue.contracts.Stores;
import org.junit.jupiter.api.AfterEach;

class SqliteGrowingWorkflowsTest extends GrowingWorkflowsContract {

  private SqlStores open;

  @Override
  protected Stores open() {
    open = TestDatabase.open(TestDatabase.SQLITE.empty());
    return TestDatabase.ports(open);
  }

  @AfterEach
  void close() {
    open.close();
  }
}
