package io.quikqueue.acceptance.faults;

import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.Metrics;
import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Servers;
import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process of the distributed system, with a proxy of its own before the database and one before
 * Redis. It keeps its name, its ports and its proxies over its restarts.
 */
final class App implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(10);

  /** Bounds what hangs: what runs is handed back after the drain. */
  private static final Duration END_LIMIT = Duration.ofMinutes(2);

  private final String name;
  private final Role role;
  private final Map<String, String> env;
  private final Proxy database;
  private final Proxy redis;
  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final List<Path> logs = new ArrayList<>();
  private @Nullable ChildProcess process;

  /**
   * @param env how to reach the servers; what is reached through a proxy is put in its place here
   */
  App(String name, Role role, Servers servers, Map<String, String> env) {
    this.name = name;
    this.role = role;
    this.database = new Proxy(servers.mariaDb().port());
    this.redis = new Proxy(servers.redis().port());
    this.env = new LinkedHashMap<>(env);
    this.env.putAll(servers.settings(database.port(), redis.port()));
    this.env.put("QQ_PORT", "" + port);
    this.env.put("QQ_ADMIN_PORT", "" + adminPort);
    this.env.put("QQ_SUBMIT_URL", address() + "/echo");
  }

  String name() {
    return name;
  }

  Role role() {
    return role;
  }

  /** Where an api listens. */
  String address() {
    return "http://127.0.0.1:" + port;
  }

  Http admin() {
    return new Http("http://127.0.0.1:" + adminPort);
  }

  /** What is between it and the database. */
  Proxy database() {
    return database;
  }

  /** What is between it and Redis. */
  Proxy redis() {
    return redis;
  }

  /** Sets a variable of its environment, from its next start on. */
  void set(String variable, String value) {
    env.put(variable, value);
  }

  /** Starts it, without waiting until it is ready. */
  void launch() {
    ChildProcess started =
        Project.launch(name, env, List.of(role.label(), Project.config(role.label())));
    process = started;
    logs.add(started.log());
  }

  /** Starts it and waits until it is ready. */
  void start() {
    launch();
    awaitReady();
  }

  void awaitReady() {
    await(name + " ready")
        .atMost(START_LIMIT)
        .failFast(() -> Project.requireAlive(process()))
        .until(() -> readiness() == 200);
  }

  /** The status of its readiness: 200, 503, or 0 when it does not answer. */
  int readiness() {
    try {
      return admin().get("/ready").status();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  Metrics metrics() {
    return Metrics.of(admin().get("/metrics"));
  }

  /** kill -9. */
  void kill() {
    process().kill();
  }

  /** SIGTERM; whether it ended by itself. */
  boolean stop() {
    return process().stop(END_LIMIT);
  }

  /** SIGSTOP. */
  void pause() {
    process().pause();
  }

  /** SIGCONT. */
  void resume() {
    process().resume();
  }

  /** Lets it go on, and everything between it and the servers. */
  void heal() {
    if (isAlive()) {
      resume();
    }
    database.heal();
    redis.heal();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  ChildProcess process() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  /** Everything it has logged, of all its lives. */
  List<String> logged() {
    List<String> lines = new ArrayList<>();
    for (Path log : logs) {
      try {
        lines.addAll(Files.readAllLines(log));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines;
  }

  @Override
  public void close() {
    if (isAlive()) {
      process().resume();
      process().kill();
    }
    database.close();
    redis.close();
  }
}
