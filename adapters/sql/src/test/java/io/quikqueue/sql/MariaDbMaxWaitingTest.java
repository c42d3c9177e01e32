package io.quikqueue.sql;

import io.quikqueue.contracts.MaxWaitingContract;
import io.quikqueue.contracts.Stores;
import org.junit.jupiter.api.AfterEach;

class MariaDbMaxWaitingTest extends MaxWaitingContract {

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
