package io.quikqueue.sql;

import io.quikqueue.contracts.Stores;
import io.quikqueue.contracts.TimersContract;
import org.junit.jupiter.api.AfterEach;

class SqliteTimersTest extends TimersContract {

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
