package io.quikqueue.sql;

import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.Duration;
import java.util.HashMap;
import java.util.Map;

/** What pools of connections to MySQL and MariaDB are set to. */
final class MySqlPool {

  private MySqlPool() {}

  /**
   * Statements are prepared in the server and kept: a multi-row INSERT of 256 rows then costs two
   * thirds of the processor time (48,000 rows a second of it against 31,000).
   */
  static void configure(DataSourceFactory pool, DatabaseConfig config) {
    pool.setUrl(config.url());
    pool.setDriverClass("com.mysql.cj.jdbc.Driver");
    pool.setDefaultTransactionIsolation(DataSourceFactory.TransactionIsolation.READ_COMMITTED);
    Map<String, String> properties = new HashMap<>();
    properties.put("connectTimeout", Long.toString(config.connectTimeout().toMillis()));
    properties.put("socketTimeout", Long.toString(config.socketTimeout().toMillis()));
    properties.put("tcpKeepAlive", "true");
    // What a frozen process has locked is not worth the server's default of 50 s: tried again.
    properties.put("sessionVariables", "innodb_lock_wait_timeout=5");
    properties.put("useServerPrepStmts", "true");
    properties.put("cachePrepStmts", "true");
    properties.put("prepStmtCacheSize", "128");
    properties.put("prepStmtCacheSqlLimit", "65536");
    properties.put("useLocalSessionState", "true");
    properties.put("cacheServerConfiguration", "true");
    properties.put("characterEncoding", "UTF-8");
    // Else a statement of its own before each result that is read row by row.
    properties.put("netTimeoutForStreamingResults", "0");
    if (!MySqlHosts.saysHowToEncrypt(config.url()) && !MySqlHosts.areLoopback(config.url())) {
      properties.put("sslMode", "REQUIRED"); // else a password may go over a network in the clear
    }
    pool.setProperties(properties);
  }

  /**
   * The pool for what runs in transactions only: where its connections commit by themselves, two
   * more round trips go before and after each to switch that off and on.
   */
  static DataSourceFactory transactional(DatabaseConfig config) {
    DataSourceFactory pool = config.dataSourceFactory();
    pool.setAutoCommitByDefault(false);
    // Of a process that froze in a transaction the server lets go then, and of its locks. Idle
    // connections are closed here before that.
    pool.getProperties().merge("sessionVariables", ",wait_timeout=10", String::concat);
    pool.getProperties().put("allowMultiQueries", "true");
    pool.setMinIdleTime(Duration.seconds(4));
    return pool;
  }
}
