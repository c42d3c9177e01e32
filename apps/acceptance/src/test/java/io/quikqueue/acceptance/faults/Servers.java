package io.quikqueue.acceptance.faults;

import io.quikqueue.servers.KafkaServer;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.RedisServer;
import io.quikqueue.servers.ServerOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The servers of one stack. */
record Servers(MariaDbServer mariaDb, KafkaServer kafka, RedisServer redis)
    implements AutoCloseable {

  private static final int KAFKA_HEAP_MB = 512;

  /** Starts them, each on a folder of its own in this one. */
  static Servers start(Path folder) {
    var mariaDb = CompletableFuture.supplyAsync(() -> MariaDbServer.start(in(folder, "mariadb")));
    var kafka =
        CompletableFuture.supplyAsync(
            () -> KafkaServer.start(in(folder, "kafka").withMemoryMb(KAFKA_HEAP_MB)));
    var redis = CompletableFuture.supplyAsync(() -> RedisServer.start(in(folder, "redis")));
    return new Servers(mariaDb.join(), kafka.join(), redis.join());
  }

  private static ServerOptions in(Path folder, String name) {
    return ServerOptions.in(folder.resolve(name));
  }

  /** What an app needs to reach them, the database and Redis by these ports. */
  Map<String, String> settings(int databasePort, int redisPort) {
    return Map.of(
        "QQ_DB_URL",
        mariaDb.jdbcUrl().replace(":" + mariaDb.port() + "/", ":" + databasePort + "/"),
        "QQ_DB_USER",
        mariaDb.user(),
        "QQ_DB_PASSWORD",
        mariaDb.password(),
        "QQ_KAFKA",
        kafka.bootstrapServers(),
        "QQ_REDIS",
        "redis://127.0.0.1:" + redisPort + "/0");
  }

  /** A connection to the database that no proxy is before. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(mariaDb.jdbcUrl(), mariaDb.user(), mariaDb.password());
  }

  @Override
  public void close() {
    mariaDb.kill();
    kafka.kill();
    redis.kill();
  }
}
