package io.quikqueue.contracts;

import io.quikqueue.domain.port.AuditLog;

class InMemoryAuditLogTest extends AuditLogContract {

  @Override
  protected AuditLog open() {
    return new InMemoryAuditLog();
  }
}
