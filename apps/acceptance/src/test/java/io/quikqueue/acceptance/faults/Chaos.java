package io.quikqueue.acceptance.faults;

import io.quikqueue.acceptance.Servers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.RedisClient;

/** Faults of the matrix, chosen by a seed, one after the other. */
final class Chaos {

  private final Cluster cluster;
  private final Random random;
  private final List<Fault> faults = new ArrayList<>();

  /** A fault that heals itself before it returns. */
  private record Fault(String name, Body body) {}

  private interface Body {
    void run() throws Exception;
  }

  Chaos(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
    servers();
    cluster.apps().forEach(this::app);
  }

  private void servers() {
    Servers servers = cluster.servers();
    for (var server : List.of(servers.mariaDb(), servers.kafka(), servers.redis())) {
      add(
          server.name() + " killed",
          () -> {
            server.kill();
            pass(0, 5000);
            server.start();
          });
      add(server.name() + " restarted", server::restart);
      add(
          server.name() + " frozen",
          () -> {
            server.pause();
            pass(500, 8000);
            server.resume();
          });
    }
    add("redis flushed", () -> redis(RedisClient::flushAll));
    add("redis wiped", servers.redis()::wipe);
    add(
        "redis full",
        () -> {
          redis(client -> client.configSet("maxmemory", "1mb"));
          pass(1000, 6000);
          redis(client -> client.configSet("maxmemory", "0"));
        });
    add(
        "everything killed",
        () -> {
          cluster.apps().parallelStream().forEach(App::kill);
          servers.close();
        });
  }

  private void app(App app) {
    add(
        app.name() + " killed",
        () -> {
          app.kill();
          pass(0, 3000);
        });
    add(app.name() + " stopped", app::stop);
    add(
        app.name() + " frozen",
        () -> {
          app.pause();
          pass(500, 12_000);
          app.resume();
        });
    network(app.name() + " to the database", app.database());
    if (app.role() != Role.API) {
      network(app.name() + " to redis", app.redis());
    }
  }

  private void network(String name, Proxy proxy) {
    add(name + " cut", proxy::cut);
    add(
        name + " refused",
        () -> {
          proxy.accept(false);
          pass(500, 8000);
        });
    add(
        name + " slow",
        () -> {
          proxy.delay(Duration.ofMillis(20 + random.nextInt(200)));
          pass(1000, 8000);
        });
    add(
        name + " hanging",
        () -> {
          proxy.freeze();
          pass(500, 10_000);
        });
  }

  private void add(String name, Body body) {
    faults.add(new Fault(name, body));
  }

  private interface Command {
    void run(RedisClient client);
  }

  private void redis(Command command) {
    try (RedisClient client = RedisClient.create(cluster.servers().redis().uri())) {
      command.run(client);
    }
  }

  private void pass(int from, int to) throws InterruptedException {
    boolean unused =
        new CountDownLatch(1).await(from + random.nextInt(to - from), TimeUnit.MILLISECONDS);
  }

  /** Injects faults for so long, each under load and healed before the next; returns how many. */
  int run(Round round, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    int injected = 0;
    while (System.nanoTime() < end) {
      Fault fault = faults.get(random.nextInt(faults.size()));
      System.out.println("chaos: " + Instant.now() + " " + fault.name());
      fault.body().run();
      injected++;
      cluster.heal();
      round.awaitRuns(FaultTest.RATE);
    }
    return injected;
  }
}
