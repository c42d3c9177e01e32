package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.faults.EffectLog.Effect;
import io.quikqueue.acceptance.faults.SubmitLog.Outcome;
import io.quikqueue.acceptance.faults.SubmitLog.Submit;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Rows 30 to 32: limits on what runs at once. */
final class LimitFaultsTest extends FaultTest {

  private static final List<String> GROUPS = List.of("a", "b", "c", "d", "e");
  private static final int JOBS_OF_A_GROUP = 12;
  private static final int LIMIT = 2;

  /** How long a job of a group takes: longer than a wiped Redis needs to be rebuilt. */
  private static final int MILLIS = 3000;

  private static final int WIPES = 2;

  /** For what was leased under the limits before, and has not started when new ones hold. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(5);

  LimitFaultsTest(Cluster cluster) {
    super(cluster);
  }

  @Test
  void row30FlushedWithLimitsOn() throws Exception {
    row(
        30,
        WIPES,
        Role.WORKER,
        (round, second) -> {
          second.start();
          limit(round, LIMIT);
          submitGroups(round);
          for (int wipe = 1; wipe <= WIPES; wipe++) {
            int ended = wipe * GROUPS.size() * JOBS_OF_A_GROUP / (WIPES + 2);
            await("some ended").atMost(SOON).until(() -> ended(round) >= ended);
            try (RedisClient redis = RedisClient.create(cluster.servers().redis().uri())) {
              redis.flushAll();
            }
          }
          awaitEnds(round);
          for (String group : GROUPS) {
            assertThat(RunsAtOnce.most(effects(round, group))).as(group).isEqualTo(LIMIT);
          }
        });
  }

  @Test
  void row31KilledWhileAGroupIsFull() throws Exception {
    withLateSweep(this::killedWhileAGroupIsFull);
  }

  private Verdict killedWhileAGroupIsFull() throws Exception {
    return row(
        31,
        1,
        Role.WORKER,
        (round, second) -> {
          limit(round, 1);
          // Longer than any second worker takes to start.
          submitGroup(round, "long", 1, "long-once", 120_000);
          await().atMost(SOON).until(() -> !effects(round, "long").isEmpty());
          submitGroup(round, "next", 1, "succeed", 0, "long");
          second.start();

          cluster.worker().kill();

          await("the next of the group")
              .atMost(SOON)
              .until(() -> !effects(round, "next").isEmpty());
        });
  }

  @Test
  void row32ALimitAndAPauseChangedDuringATake() throws Exception {
    row(
        32,
        2, // a frozen worker loses its leases
        Role.WORKER,
        (round, second) -> {
          second.start();
          limit(round, 4);
          submitGroups(round);
          await("they run").atMost(SOON).until(() -> ended(round) >= GROUPS.size());

          second.redis().freeze();
          limit(round, 1);
          pass(UNDER_WAY);
          round.awaitRuns(2 * RATE); // what was taken before these has started
          await("what was taken by the limits before has ended")
              .atMost(SOON)
              .until(() -> GROUPS.stream().allMatch(group -> running(round, group) <= 1));
          long lowered = System.nanoTime();
          second.redis().heal(); // what it wanted to take by the limits before is taken now
          int before = ended(round);
          int all = GROUPS.size() * JOBS_OF_A_GROUP;
          int after = Math.min(before + 2 * GROUPS.size(), all);
          await("more ran").atMost(SOON).until(() -> ended(round) >= after);
          for (String group : GROUPS) {
            List<Effect> since =
                effects(round, group).stream().filter(e -> e.nanos() > lowered).toList();
            assertThat(RunsAtOnce.most(since)).as(group).isLessThanOrEqualTo(1);
          }

          second.redis().freeze();
          post(round, "/pause", "{\"note\": \"row 32\"}");
          pass(UNDER_WAY);
          otherQueuesRun(round); // what was taken before these has started
          long starts = round.runs();
          second.redis().heal();
          pass(UNDER_WAY);
          assertThat(round.runs()).as("starts of a paused queue").isEqualTo(starts);

          limit(round, 4);
          post(round, "/resume", "");
          awaitEnds(round);
        });
  }

  /** Puts a limit of what runs at once of each group in force, and waits until it is. */
  private void limit(Round round, int perGroup) {
    String limits = "{\"concurrency_per_group\": %d}".formatted(perGroup);
    Http api = new Http(cluster.api().address());
    assertThat(
            api.send(
                    "PUT",
                    queue(round) + "/limits",
                    BodyPublishers.ofString(limits),
                    "content-type",
                    "application/json")
                .status())
        .isBetween(200, 201);
    try (RedisClient redis = RedisClient.create(cluster.servers().redis().uri())) {
      await("limits are in force")
          .atMost(SOON)
          .until(
              () -> {
                String known = redis.hget("{qq}:2:limits", "queue/" + round.load().queue());
                return known != null && List.of(known.split(" ")).contains("" + perGroup);
              });
    }
  }

  private void post(Round round, String path, String body) {
    Http api = new Http(cluster.api().address());
    assertThat(api.post(queue(round) + path, body).status()).isEqualTo(200);
  }

  private static String queue(Round round) {
    return "/v1/queues/" + round.load().queue();
  }

  private static void submitGroups(Round round) {
    GROUPS.forEach(group -> submitGroup(round, group, JOBS_OF_A_GROUP, "succeed", MILLIS));
  }

  private static void submitGroup(Round round, String group, int count, String act, long millis) {
    submitGroup(round, group, count, act, millis, group);
  }

  private static void submitGroup(
      Round round, String n, int count, String act, long millis, String group) {
    assertThat(round.load().submitGroup("of-" + n + "-", count, act, millis, group))
        .extracting(Submit::outcome)
        .containsOnly(Outcome.OK);
  }

  /** Runs jobs of another queue one after another. */
  private void otherQueuesRun(Round round) {
    Http api = new Http(cluster.api().address());
    String job =
        "{\"type\":\"echo\",\"queue\":\"%s-other\",\"payload\":1}".formatted(round.load().queue());
    for (int i = 0; i < 5; i++) {
      String id = api.post("/v1/jobs", job).string("id");
      await("a job of another queue runs")
          .atMost(SOON)
          .until(() -> api.get("/v1/jobs/" + id).string("state").equals("DONE"));
    }
  }

  /** How many jobs of a group run now. */
  private int running(Round round, String group) {
    return RunsAtOnce.now(effects(round, group));
  }

  private List<Effect> effects(Round round, String n) {
    return cluster.effects().of(round.load().queue() + "-of-" + n + "-");
  }

  private int ended(Round round) {
    return (int)
        cluster.effects().of(round.load().queue() + "-of-").stream()
            .filter(effect -> !effect.started())
            .count();
  }

  private void awaitEnds(Round round) {
    await("all of the groups ended")
        .atMost(SOON)
        .until(() -> ended(round) >= GROUPS.size() * JOBS_OF_A_GROUP);
  }
}
