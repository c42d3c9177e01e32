package io.quikqueue.acceptance.limits;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A process of QuikQueue, started by the launcher; it keeps its ports over its restarts. */
final class App implements AutoCloseable {

  private static final Pattern LACKS = Pattern.compile("^unhealthy: \\[(.*)]");
  private static final Duration START_LIMIT = Duration.ofMinutes(10);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(3);

  private final String name;
  private final List<String> arguments;
  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final Map<String, String> env;
  private ChildProcess process;

  private App(String name, List<String> arguments, Map<String, String> env) {
    this.name = name;
    this.arguments = arguments;
    this.env = new LinkedHashMap<>(env);
    this.env.put("QQ_PORT", "" + port);
    this.env.put("QQ_ADMIN_PORT", "" + adminPort);
  }

  /** A process of the distributed system: api, consumer, worker or scheduler. Not started yet. */
  static App of(String name, Servers servers) {
    return new App(name, List.of(name, Project.config(name)), servers.settings());
  }

  /**
   * The one-process service on this folder, where one queue may hold every slot. Not started yet.
   */
  static App standalone(Path data) {
    return new App(
        "standalone",
        List.of("up"),
        Map.of("QQ_DATA", data.toString(), "QQ_SLOTS", "" + Held.SLOTS, "QQ_QUEUE_SHARE", "1"));
  }

  String name() {
    return name;
  }

  /** Starts it, without waiting until it is ready. */
  void launch() {
    process = Project.launch(name, env, arguments);
  }

  void awaitReady() {
    await(name + " ready")
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .failFast(() -> Project.requireAlive(process))
        .until(() -> readiness().startsWith("ok"));
  }

  /** What it says of its readiness; empty when it does not answer. */
  String readiness() {
    try {
      return admin().get("/ready").text();
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  /** What it says it cannot work without and does not have; null when it does not answer. */
  @Nullable Set<String> lacks() {
    String said = readiness();
    Matcher lacks = LACKS.matcher(said);
    if (lacks.find()) {
      return Set.of(lacks.group(1).split(", "));
    }
    return said.startsWith("ok") ? Set.of() : null;
  }

  ChildProcess process() {
    return process;
  }

  Http http() {
    return new Http("http://127.0.0.1:" + port);
  }

  Http admin() {
    return new Http("http://127.0.0.1:" + adminPort);
  }

  Metrics metrics() {
    return Metrics.of(admin().get("/metrics"));
  }

  /** How many attempts of this queue's jobs it has run to success since its last start. */
  long runs(String queue) {
    return (long)
        metrics().sum("quikqueue_attempts_total", "queue=\"" + queue + "\"", "outcome=\"done\"");
  }

  Usage usage() {
    return new Usage(process.pid());
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** kill -9. */
  void kill() {
    process.kill();
  }

  /** SIGTERM; whether it ended by itself. */
  boolean stop() {
    return process.stop(STOP_LIMIT);
  }

  /** What it has logged since its last start. */
  List<String> logged() {
    try {
      return Files.readAllLines(process.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (isAlive()) {
      process.kill();
    }
  }
}
