package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.acceptance.Project;
import io.quikqueue.acceptance.Servers;
import io.quikqueue.acceptance.faults.plugin.EffectHandler;
import io.quikqueue.handler.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import redis.clients.jedis.RedisClient;

/**
 * The distributed system with every server and every app as a process of its own, each of which a
 * test may kill, stop, freeze, restart, cut off or add to. Leases are 10 s (where the machine
 * stands still for longer, workers say so), the drain 6 s.
 */
final class Cluster implements AutoCloseable {

  /** How long a job belongs to a silent worker. */
  static final Duration LEASE = Duration.ofSeconds(10);

  /**
   * How long running jobs may go on when their worker is told to stop: many times as long as a job
   * of the load takes.
   */
  static final Duration DRAIN = Duration.ofSeconds(6);

  private static final int LINES = 20;

  private final Path folder = Project.tempFolder("faults");
  private final EffectLog effects = new EffectLog(folder.resolve("effects.log"));
  private final Servers servers;
  private final Map<String, String> env = new LinkedHashMap<>();
  private final Map<String, App> apps = new LinkedHashMap<>();
  private final List<App> gone = new ArrayList<>();

  private Cluster() {
    this.servers = Servers.start(folder);
    Path plugins = folder.resolve("plugins");
    installEffectHandler(plugins);
    env.put("QQ_EFFECTS", effects.file().toString());
    env.put("QQ_PLUGINS", plugins.toString());
    env.put("QQ_LEASE", LEASE.toSeconds() + "s");
    env.put("QQ_DRAIN", DRAIN.toSeconds() + "s");
  }

  /** Starts the servers and one app of each kind, and waits until all are ready. */
  static Cluster start() {
    System.out.println("cluster: starting MariaDB, Kafka, Redis, api, consumer, worker, scheduler");
    Cluster cluster = new Cluster();
    try {
      for (Role role : Role.values()) {
        cluster.make(role.label(), role).launch();
      }
      cluster.apps.values().forEach(App::awaitReady);
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private App make(String name, Role role) {
    App app = new App(name, role, servers, env);
    apps.put(name, app);
    return app;
  }

  /**
   * A process beside those of the system, until it is closed: then it must drain and end by itself.
   */
  record Added(Cluster cluster, App app) implements AutoCloseable {

    @Override
    public void close() {
      try {
        app.heal();
        if (app.isAlive()) {
          assertThat(app.stop()).as(app.name() + " ends by itself").isTrue();
        }
      } finally {
        cluster.apps.remove(app.name());
        cluster.gone.add(app);
        app.close();
      }
    }
  }

  /** A further process of this kind, not started yet. */
  Added add(Role role) {
    int number = 2;
    while (apps.containsKey(role.label() + "-" + number)) {
      number++;
    }
    return new Added(this, make(role.label() + "-" + number, role));
  }

  /** The process that was started with the system. */
  App app(Role role) {
    return apps.get(role.label());
  }

  App api() {
    return app(Role.API);
  }

  App consumer() {
    return app(Role.CONSUMER);
  }

  App worker() {
    return app(Role.WORKER);
  }

  App scheduler() {
    return app(Role.SCHEDULER);
  }

  /** All processes there are. */
  List<App> apps() {
    return List.copyOf(apps.values());
  }

  /** All processes of one kind. */
  List<App> apps(Role role) {
    return apps.values().stream().filter(app -> app.role() == role).toList();
  }

  /** Also those that were removed. */
  List<App> everyApp() {
    List<App> all = new ArrayList<>(apps.values());
    all.addAll(gone);
    return all;
  }

  Servers servers() {
    return servers;
  }

  /** The last lines that each process has logged. */
  String lastLines() {
    return everyApp().stream()
        .map(
            app -> {
              List<String> lines = app.logged();
              List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
              return app.name() + ":\n  " + String.join("\n  ", last);
            })
        .collect(Collectors.joining("\n"));
  }

  /** What the handlers did. */
  EffectLog effects() {
    return effects;
  }

  Path folder() {
    return folder;
  }

  /** Starts what does not run, lets go what is held or frozen, and waits until all is ready. */
  void heal() {
    servers.mariaDb().resume();
    servers.kafka().resume();
    servers.redis().resume();
    CompletableFuture.allOf(
            CompletableFuture.runAsync(servers.mariaDb()::start),
            CompletableFuture.runAsync(servers.kafka()::start),
            CompletableFuture.runAsync(servers.redis()::start))
        .join();
    try (RedisClient redis = RedisClient.create(servers.redis().uri())) {
      redis.configSet("maxmemory", "0");
    }
    for (App app : apps()) {
      app.heal();
      if (!app.isAlive()) {
        app.launch();
      }
    }
    apps().forEach(App::awaitReady);
  }

  /** A jar like one that a user would put into the plugins folder. */
  static void installEffectHandler(Path plugins) {
    Class<?> handler = EffectHandler.class;
    try {
      Files.createDirectories(plugins);
      try (OutputStream out = Files.newOutputStream(plugins.resolve("effects.jar"));
          JarOutputStream jar = new JarOutputStream(out)) {
        jar.putNextEntry(new JarEntry("META-INF/services/" + Handler.class.getName()));
        jar.write(handler.getName().getBytes(StandardCharsets.UTF_8));
        for (Class<?> each :
            List.of(handler, EffectHandler.Effect.class, EffectHandler.Left.class)) {
          String path = each.getName().replace('.', '/') + ".class";
          jar.putNextEntry(new JarEntry(path));
          try (InputStream in = handler.getClassLoader().getResourceAsStream(path)) {
            in.transferTo(jar);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    apps().forEach(App::close);
    servers.close();
    Project.keepLogs(folder, "faults");
    Project.delete(folder);
  }
}
