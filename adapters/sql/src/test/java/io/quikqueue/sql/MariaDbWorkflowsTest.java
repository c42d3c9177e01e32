package io.quikqueue.sql;

import io.quikqueue.contracts.Stores;
import io.quikqueue.contracts.WorkflowsContract;
import org.junit.jupiter.api.AfterEach;

class MariaDbWorkflowsTest extends WorkflowsContract {

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
