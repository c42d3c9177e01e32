package io.quikqueue.sql;

import io.quikqueue.contracts.Stores;
import io.quikqueue.contracts.WaitNodesContract;
import org.junit.jupiter.api.AfterEach;

class SqliteWaitNodesTest extends WaitNodesContract {

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
