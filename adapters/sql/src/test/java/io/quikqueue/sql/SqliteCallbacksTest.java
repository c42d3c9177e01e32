package io.quikqueue.sql;

import io.quikqueue.contracts.CallbacksContract;
import io.quikqueue.contracts.Stores;
import org.junit.jupiter.api.AfterEach;

class SqliteCallbacksTest extends CallbacksContract {

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
