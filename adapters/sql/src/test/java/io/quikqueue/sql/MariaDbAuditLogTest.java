package io.quikqueue.sql;

import io.quikqueue.contracts.AuditLogContract;
import io.quikqueue.domain.port.AuditLog;
import org.junit.jupiter.api.AfterEach;

class MariaDbAuditLogTest extends AuditLogContract {

  private SqlStores stores;

  @Override
  protected AuditLog open() {
    stores = TestDatabase.open(TestDatabase.MARIADB.empty());
    return stores.audit();
  }

  @AfterEach
  void close() {
    stores.close();
  }
}
