package io.quikqueue.sql;

import io.quikqueue.contracts.Stores;
import io.quikqueue.contracts.WaitNodesContract;
import org.junit.jupiter.api.AfterEach;

class MariaDbWaitNodesTest extends WaitNodesContract {

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
