package io.quikqueue.sql;

import io.quikqueue.contracts.AuditLogContract;
import io.quikqueue.domain.port.AuditLog;
import org.junit.jupiter.api.AfterEach;

class SqliteAuditLogTest extends AuditLogContract {

  private SqlStores stores;

  @Override
  protected AuditLog open() {
    stores = TestDatabase.open(TestDatabase.SQLITE.empty());
    return stores.audit();
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
