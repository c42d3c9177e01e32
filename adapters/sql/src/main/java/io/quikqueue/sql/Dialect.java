package io.quikqueue.sql;

/** What the databases do differently. MariaDB counts as MySQL: no statement needs to know. */
enum Dialect {
  MYSQL,
  SQLITE;

  static Dialect ofUrl(String url) {
    if (url.startsWith("jdbc:mysql:")) {
      return MYSQL;
    }
    if (url.startsWith("jdbc:sqlite:")) {
      return SQLITE;
    }
    throw new IllegalArgumentException(
        "the database's url must start with jdbc:mysql: or jdbc:sqlite:");
  }

  /** The text for this database. */
  String pick(String mysql, String sqlite) {
    return switch (this) {
      case MYSQL -> mysql;
      case SQLITE -> sqlite;
    };
  }

  /** The store's clock in microseconds since 1970: an expression that no session zone changes. */
  String now() {
    return pick(
        "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))",
        "CAST(unixepoch('subsec') * 1000000 AS INTEGER)");
  }

  /**
   * What makes an INSERT pass over rows that are there. On MySQL it locks such a row exclusively;
   * INSERT IGNORE would lock it shared, so that two who wait for a third deadlock, and would let
   * bad data through.
   */
  String keepExisting(String column) {
    return pick("ON DUPLICATE KEY UPDATE %1$s = %1$s".formatted(column), "ON CONFLICT DO NOTHING");
  }

  /**
   * A table whose rows are to be found by its primary key alone. Without the hint MariaDB reads a
   * table whole that has not many more rows than are named, and waits for each row in it that
   * another transaction has locked.
   */
  String byKey(String table) {
    return pick(table + " FORCE INDEX (PRIMARY)", table);
  }

  /** Begins a DELETE of rows that are named by their primary key. */
  String deleteByKey(String table) {
    return pick("DELETE %s FROM ".formatted(table), "DELETE FROM ") + byKey(table);
  }

  /** Makes a SELECT lock its rows. SQLite's only writer has the whole database to itself. */
  String forUpdate() {
    return pick("FOR UPDATE", "");
  }

  /** How many counters there are of one thing, so that concurrent transactions rarely meet. */
  int slots() {
    return switch (this) {
      case MYSQL -> 16;
      case SQLITE -> 1;
    };
  }
}
