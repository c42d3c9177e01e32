package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.JobState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import redis.clients.jedis.RedisClient;

/**
 * One row of the fault matrix on a cluster: a steady load from its beginning, until {@link #judge}
 * heals everything, waits until all is quiet and checks.
 */
final class Round implements AutoCloseable {

  /** What a process logs when something went wrong that nobody had thought of. */
  private static final List<String> UNTHOUGHT =
      List.of("Exception in thread", "event=unexpected_error", "event=unhandled", " ERROR ");

  /** Kafka's clients log as errors what they are told and what the adapter answers. */
  private static final String KAFKA = "clientId=quikqueue";

  /** Bounds what hangs, and no speed: two minutes of load may have piled up. */
  private static final Duration QUIET_LIMIT = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final Load load;
  private final long staleBefore;
  private final long lateBefore;
  private final Map<String, Integer> loggedBefore = new HashMap<>();

  Round(Cluster cluster, String name, long seed) {
    this.cluster = cluster;
    this.load =
        new Load(
            name,
            cluster.folder(),
            () -> cluster.apps(Role.API).stream().map(App::address).toList(),
            seed);
    this.staleBefore = logged("event=stale_finish");
    this.lateBefore = logged("event=leases_renewed_late");
    for (App app : cluster.everyApp()) {
      loggedBefore.put(app.name(), app.logged().size());
    }
  }

  Load load() {
    return load;
  }

  /** The jobs of this row that ran so far, and how many accepted ones did not. */
  long runs() {
    return cluster.effects().of(load.queue() + "-").stream().filter(e -> e.started()).count();
  }

  /** Waits until the load flows: so many more runs than now. */
  void awaitRuns(int more) {
    long before = runs();
    await(more + " more runs").atMost(QUIET_LIMIT).until(() -> runs() >= before + more);
  }

  /** Heals, ends the load, waits until nothing is left to do, and compares all records. */
  Verdict judge() throws InterruptedException, SQLException {
    cluster.heal();
    load.finish();
    await("quiet")
        .atMost(QUIET_LIMIT)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(() -> assertThat(leftOver()).isEmpty());
    for (App app : cluster.everyApp()) {
      List<String> lines = app.logged();
      int from = Math.min(lines.size(), loggedBefore.getOrDefault(app.name(), 0));
      assertThat(lines.subList(from, lines.size()))
          .as("log of " + app.name())
          .noneMatch(line -> UNTHOUGHT.stream().anyMatch(line::contains) && !line.contains(KAFKA));
    }
    try (Connection store = cluster.servers().connect()) {
      Verdict verdict =
          Checker.check(
              load.file(),
              cluster.effects(),
              load.queue(),
              store,
              logged("event=stale_finish") - staleBefore,
              logged("event=leases_renewed_late") - lateBefore);
      System.out.println(load.queue() + ": " + verdict);
      return verdict;
    }
  }

  /** What still stands in the store, the outbox and Redis; empty when all is done. */
  private Map<String, Long> leftOver() throws SQLException {
    Map<String, Long> left = new HashMap<>();
    String active =
        Arrays.stream(JobState.values())
            .filter(state -> !state.terminal())
            .map(state -> "" + state.code())
            .collect(Collectors.joining(","));
    try (Connection store = cluster.servers().connect()) {
      left.put(
          "jobs not over",
          Rows.count(store, "SELECT COUNT(*) FROM jobs WHERE state IN (" + active + ")"));
      left.put("outbox", Rows.count(store, "SELECT COUNT(*) FROM outbox"));
    }
    try (RedisClient redis = RedisClient.create(cluster.servers().redis().uri())) {
      left.put("in Redis", redis.hlen("{qq}:2:bodies"));
    }
    left.values().removeIf(n -> n == 0);
    return left;
  }

  /** How often workers have logged this. */
  private long logged(String event) {
    return cluster.everyApp().stream()
        .filter(app -> app.role() == Role.WORKER)
        .flatMap(app -> app.logged().stream())
        .filter(line -> line.contains(event))
        .count();
  }

  @Override
  public void close() {
    load.close();
  }
}
