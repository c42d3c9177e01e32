package io.quikqueue.acceptance.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.acceptance.Project;
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

/** The three servers, as large as {@code ./quikqueue stack} makes them, with the tables made. */
record Servers(MariaDbServer mariaDb, KafkaServer kafka, RedisServer redis)
    implements AutoCloseable {

  /** What Redis may use. */
  static final int REDIS_MB = 512;

  private static final int KAFKA_HEAP_MB = 512;
  private static final Duration MIGRATION_LIMIT = Duration.ofSeconds(120);

  /** Starts them, each on a folder of its own in this one. */
  static Servers start(Path folder) {
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
    servers.migrate();
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
  Map<String, String> settings() {
    return Map.of(
        "QQ_DB_URL", mariaDb.jdbcUrl(),
        "QQ_DB_USER", mariaDb.user(),
        "QQ_DB_PASSWORD", mariaDb.password(),
        "QQ_KAFKA", kafka.bootstrapServers(),
        "QQ_REDIS", redis.uri());
  }

  List<Server> all() {
    return List.of(mariaDb, kafka, redis);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(mariaDb.jdbcUrl(), mariaDb.user(), mariaDb.password());
  }

  @Override
  public void close() {
    all().forEach(Server::kill);
  }
}
