package io.quikqueue.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One server of each kind for the whole JVM, started at the first call and gone, with its data,
 * when the JVM ends. For tests: each takes a database, topic or key prefix of its own, and starts a
 * server of its own to break one.
 */
public final class SharedServers {
  private static @Nullable MariaDbServer mariaDb;
  private static @Nullable RedisServer redis;
  private static @Nullable KafkaServer kafka;
  private static @Nullable Path dir;

  private SharedServers() {}

  /** The shared MariaDB. */
  public static MariaDbServer mariaDb() {
    synchronized (MariaDbServer.class) {
      MariaDbServer server = mariaDb;
      if (server == null) {
        server = MariaDbServer.start(ServerOptions.in(dir().resolve("mariadb")));
        killAtExit(server);
        mariaDb = server;
      }
      return server;
    }
  }

  /** The shared Redis. */
  public static RedisServer redis() {
    synchronized (RedisServer.class) {
      RedisServer server = redis;
      if (server == null) {
        server = RedisServer.start(ServerOptions.in(dir().resolve("redis")));
        killAtExit(server);
        redis = server;
      }
      return server;
    }
  }

  /** The shared Kafka. */
  public static KafkaServer kafka() {
    synchronized (KafkaServer.class) {
      KafkaServer server = kafka;
      if (server == null) {
        server = KafkaServer.start(ServerOptions.in(dir().resolve("kafka")));
        killAtExit(server);
        kafka = server;
      }
      return server;
    }
  }

  private static void killAtExit(Server server) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.kill();
                  try {
                    Server.deleteAll(server.dir());
                    Files.deleteIfExists(dir());
                  } catch (IOException e) {
                    // Other servers still have theirs in it, or the next clean build removes it.
                  }
                },
                "stop-" + server.name()));
  }

  /**
   * Under the build folder where there is one, so that what a killed test leaves goes with the next
   * clean build.
   */
  private static synchronized Path dir() {
    Path current = dir;
    if (current == null) {
      try {
        Path target = Path.of("target").toAbsolutePath();
        current =
            Files.isDirectory(target)
                ? Files.createTempDirectory(target, "servers-")
                : Files.createTempDirectory("quikqueue-servers-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      dir = current;
    }
    return current;
  }
}
