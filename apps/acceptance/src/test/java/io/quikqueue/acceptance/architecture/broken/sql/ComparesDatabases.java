package io.quikqueue.acceptance.architecture.broken.sql;

record ComparesDatabases(Object dialect) {
  boolean isSqlite() {
    return dialect instanceof SqliteFixture;
  }
}
