package io.quikqueue.sql;

import io.quikqueue.contracts.HeldLinesContract;
import io.quikqueue.contracts.Stores;
import org.junit.jupiter.api.AfterEach;

class SqliteHeldLinesTest extends HeldLinesContract {

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
