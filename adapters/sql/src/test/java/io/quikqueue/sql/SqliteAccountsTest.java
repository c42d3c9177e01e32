package io.quikqueue.sql;

import io.quikqueue.contracts.AccountsContract;
import io.quikqueue.contracts.Stores;
import org.junit.jupiter.api.AfterEach;

class SqliteAccountsTest extends AccountsContract {

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
