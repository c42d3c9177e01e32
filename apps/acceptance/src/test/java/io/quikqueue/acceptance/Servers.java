package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.KafkaServer;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.RedisServer;
import io.quikqueue.servers.Server;
import io.quikqueue.servers.ServerOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The servers of one stack, as large as {@code ./quikqueue stack} makes them, tables included. */
public record Servers(MariaDbServer mariaDb, KafkaServer kafka, RedisServer redis)
    implements AutoCloseable {

  /** What Redis may use. */
  public static final int REDIS_MB = 512;

  private static final int KAFKA_HEAP_MB = 512;
  private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(5);

  /** Starts them, each on a folder of its own in this one. */
  public static Servers start(Path folder) {
    var mariaDb =
        CompletableFuture.supplyAsync(
            () -> MariaDbServer.start(ServerOptions.in(folder.resolve("mariadb"))));
    var kafka =
        CompletableFuture.supplyAsync(
            () ->
                KafkaServer.start(
                    ServerOptions.in(folder.resolve("kafka")).withMemoryMb(KAFKA_HEAP_MB)));
    var redis =
        CompletableFuture.supplyAsync(
            () ->
                RedisServer.start(
                    ServerOptions.in(folder.resolve("redis")).withMemoryMb(REDIS_MB)));
    Servers servers = new Servers(mariaDb.join(), kafka.join(), redis.join());
    try {
      servers.migrate();
    } catch (Throwable e) {
      servers.close();
      throw e;
    }
    return servers;
  }

  private void migrate() {
    ChildProcess migration =
        Project.launch(
            "migrate", settings(), List.of("db", "migrate", Project.config("scheduler")));
    if (!migration.await(MIGRATION_LIMIT)) {
      migration.kill();
    }
    assertThat(migration.exitCode()).as(migration.logTail(20)).isZero();
  }

  /** How an app reaches them. */
  public Map<String, String> settings() {
    return settings(mariaDb.port(), redis.port());
  }

  /** How an app reaches them, the database and Redis by these ports. */
  public Map<String, String> settings(int databasePort, int redisPort) {
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
        redis.uri().replace(":" + redis.port(), ":" + redisPort));
  }

  public List<Server> all() {
    return List.of(mariaDb, kafka, redis);
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(mariaDb.jdbcUrl(), mariaDb.user(), mariaDb.password());
  }

  @Override
  public void close() {
    all().forEach(Server::kill);
  }
}
