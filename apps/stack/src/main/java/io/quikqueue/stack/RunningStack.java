package io.quikqueue.stack;

import io.quikqueue.servers.ChildProcess;
import io.quikqueue.servers.FreePorts;
import io.quikqueue.servers.KafkaServer;
import io.quikqueue.servers.MariaDbServer;
import io.quikqueue.servers.RedisServer;
import io.quikqueue.servers.Server;
import io.quikqueue.servers.ServerException;
import io.quikqueue.servers.ServerOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The processes of one stack. {@link #stop} may be called from another thread at any time, also
 * while starting.
 */
final class RunningStack {
  private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(10);
  private static final Duration READY_LIMIT = Duration.ofMinutes(10);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

  // A redo log of 48 MB was full after ten seconds of load, and submits waited for pages to be
  // written.
  private static final int MARIADB_MB = 256;

  private static final int KAFKA_HEAP_MB = 512;
  private static final int REDIS_LIMIT_MB = 512;
  private static final int LOG_LINES = 20;

  private final StackOptions options;
  private final StackFiles files;
  private final Path launcher;
  private final Path home;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final List<ChildProcess> apps = new CopyOnWriteArrayList<>();
  private final Map<App, Integer> adminPorts = new EnumMap<>(App.class);
  private final Object starting = new Object();
  private volatile boolean stopping;

  /**
   * The launcher starts the apps, so that its JVM flags are the only ones; their configuration is
   * in {@code home/config}.
   */
  RunningStack(StackOptions options, Path launcher, Path home) {
    this.options = options;
    this.files = new StackFiles(options.data());
    this.launcher = launcher;
    this.home = home;
  }

  boolean isStopping() {
    return stopping;
  }

  /**
   * Starts everything and returns when all of it is ready; throws a ServerException when something
   * is not.
   */
  void start() {
    files.claim();
    if (!options.serversOnly()) {
      requireFixedPorts();
    }

    Map<String, Object> processes = new LinkedHashMap<>();
    tell("starting MariaDB, Kafka and Redis; a slow or busy machine takes minutes");
    Map<String, String> settings = startServers(processes);
    if (options.serversOnly()) {
      files.write(processes, settings);
      out.println("To use them:  . " + StackFiles.quoted(files.env().toString()));
      return;
    }

    int port = choosePorts();
    tell("setting up the database");
    migrate(StackEnvironment.forApp(settings, port, 0));
    tell("starting api, consumer, worker and scheduler");
    Map<String, Object> all = startApps(settings, port);
    all.putAll(processes);
    // Another process started with these settings takes a free admin port.
    files.write(all, StackEnvironment.forApp(settings, port, 0));
    out.println("QuikQueue listens on http://" + StackEnvironment.HOST + ":" + port);
  }

  /** Looked at before anything starts, as a user's mistake should show at once. */
  private void requireFixedPorts() {
    if (options.port() != 0) {
      requireFree("api", options.port());
    }
    if (options.port() == StackOptions.DEFAULT_PORT) {
      for (App app : App.values()) {
        requireFree(app.label() + " admin", app.adminPort());
      }
    }
  }

  /** Free ports are looked for as late as possible: nobody keeps them free. */
  private int choosePorts() {
    for (App app : App.values()) {
      boolean fixed = options.port() == StackOptions.DEFAULT_PORT;
      adminPorts.put(app, fixed ? app.adminPort() : FreePorts.next());
    }
    return options.port() == 0 ? FreePorts.next() : options.port();
  }

  private static void requireFree(String what, int port) {
    if (!FreePorts.isFree(port)) {
      throw new ServerException(
          "port %d (%s) is in use; choose another with --port".formatted(port, what));
    }
  }

  private Map<String, String> startServers(Map<String, Object> processes) {
    AtomicReference<MariaDbServer> mariaDb = new AtomicReference<>();
    AtomicReference<KafkaServer> kafka = new AtomicReference<>();
    AtomicReference<RedisServer> redis = new AtomicReference<>();
    Parallel.run(
        List.of(
            () -> mariaDb.set(started(MariaDbServer.start(in("mariadb").withMemoryMb(MARIADB_MB)))),
            () ->
                kafka.set(
                    started(
                        KafkaServer.start(in("kafka").withMemoryMb(KAFKA_HEAP_MB).beingNice()))),
            () ->
                redis.set(
                    started(
                        RedisServer.startLocked(
                            in("redis").withMemoryMb(REDIS_LIMIT_MB).beingNice())))));
    Map<String, String> settings = StackEnvironment.of(mariaDb.get(), kafka.get(), redis.get());
    describe(mariaDb.get(), processes, settings, "QQ_DB_URL", "QQ_DB_USER");
    describe(kafka.get(), processes, settings, "QQ_KAFKA");
    describe(redis.get(), processes, settings); // its URI has a password in it
    return settings;
  }

  /** What takes a while, so that nobody takes it for hanging. */
  private void tell(String what) {
    out.println("quikqueue stack: " + what);
  }

  private ServerOptions in(String name) {
    return ServerOptions.in(options.data().resolve(name));
  }

  private <S extends Server> S started(S server) {
    servers.add(server);
    report(server.child(), "%s:%d".formatted(server.host(), server.port()));
    return server;
  }

  private static void describe(
      Server server, Map<String, Object> into, Map<String, String> settings, String... names) {
    Map<String, Object> entry = entry(server.child(), server.port());
    for (String name : names) {
      entry.put(name, settings.get(name));
    }
    into.put(server.name(), entry);
  }

  private static Map<String, Object> entry(ChildProcess process, int port) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("pid", process.pid());
    entry.put("host", StackEnvironment.HOST);
    entry.put("port", port);
    entry.put("log", process.log().toString());
    return entry;
  }

  private void migrate(Map<String, String> settings) {
    ChildProcess migration =
        launch("migrate", false, settings, "db", "migrate", config(App.SCHEDULER));
    if (!migration.await(MIGRATION_LIMIT)) {
      migration.kill();
      throw new ServerException("the migration took too long, see " + migration.log());
    }
    if (migration.exitCode() != 0) {
      throw new ServerException(
          "the migration failed, see %s:%n%s"
              .formatted(migration.log(), migration.logTail(LOG_LINES)));
    }
  }

  private Map<String, Object> startApps(Map<String, String> settings, int port) {
    Map<String, Object> entries = new LinkedHashMap<>();
    List<Runnable> waits = new ArrayList<>();
    for (App app : App.values()) {
      int admin = adminPorts.getOrDefault(app, 0);
      ChildProcess process =
          launch(
              app.label(),
              app.nice(),
              StackEnvironment.forApp(settings, port, admin),
              app.label(),
              config(app));
      // Only the api has a port beside its admin port.
      Map<String, Object> entry = entry(process, app == App.API ? port : admin);
      entry.put("admin_port", admin);
      entries.put(app.label(), entry);
      String at =
          app == App.API
              ? "%s:%d admin %d".formatted(StackEnvironment.HOST, port, admin)
              : "admin %s:%d".formatted(StackEnvironment.HOST, admin);
      waits.add(
          () -> {
            Readiness.await(process, admin, READY_LIMIT);
            report(process, at);
          });
    }
    Parallel.run(waits);
    return entries;
  }

  private String config(App app) {
    return home.resolve("config").resolve(app.label() + ".yml").toString();
  }

  private ChildProcess launch(
      String name, boolean nice, Map<String, String> settings, String... args) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Map<String, String> env = new LinkedHashMap<>(settings);
    // What runs now was built by the launcher a moment ago; a change since then must not split the
    // stack.
    env.put("QQ_BUILD", "off");
    synchronized (starting) {
      if (stopping) {
        throw new ServerException("stopping");
      }
      Path log = options.data().resolve("log").resolve(name + ".log");
      ChildProcess process =
          ChildProcess.start(name, nice ? ChildProcess.nice(command) : command, env, home, log);
      apps.add(process);
      return process;
    }
  }

  private void report(ChildProcess process, String at) {
    out.printf("%-10s pid %-8d %-30s %s%n", process.name(), process.pid(), at, process.log());
    CompletableFuture<Void> unused = process.onExit().thenAccept(this::ended);
  }

  private void ended(ChildProcess process) {
    if (!stopping) {
      err.printf(
          "%s (pid %d) ended by itself, exit code %d. Its last lines in %s:%n%s%n",
          process.name(),
          process.pid(),
          process.exitCode(),
          process.log(),
          process.logTail(LOG_LINES));
    }
  }

  /** Stops the apps, which drain for up to 30 s, then the servers. Returns when all are gone. */
  void stop() {
    synchronized (starting) {
      stopping = true;
    }
    if (!apps.isEmpty() || !servers.isEmpty()) {
      tell("stopping; jobs that run have a while to finish");
    }
    apps.forEach(ChildProcess::terminate);
    long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    for (ChildProcess app : apps) {
      if (!app.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
        err.println(app.name() + " did not drain within " + DRAIN_LIMIT.toSeconds() + " s: killed");
        app.kill();
      }
    }
    List<Runnable> stops = servers.stream().<Runnable>map(server -> server::stop).toList();
    Parallel.run(stops);
  }
}
