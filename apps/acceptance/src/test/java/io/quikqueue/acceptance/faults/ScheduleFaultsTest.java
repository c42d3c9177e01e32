package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.faults.Proxy.Then;
import io.quikqueue.acceptance.faults.Proxy.Trap;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Row 40: schedules. */
final class ScheduleFaultsTest extends FaultTest {

  /** Of this test alone: jobs outlive their schedule. */
  private final String name = "row40-" + UUID.randomUUID();

  private final String path = "/v1/schedules/" + name;

  ScheduleFaultsTest(Cluster cluster) {
    super(cluster);
  }

  /** Killed when it has sent the fire and its job, before the commit: neither is there. */
  @Test
  void row40SchedulerKilledBetweenAFireAndItsCommit() throws Exception {
    row(
        40,
        0,
        Role.SCHEDULER,
        (round, second) -> {
          second.start();
          Http api = everySecond();
          App leader = leadingScheduler();
          Trap trap =
              leader.database().set(new Trap(Then.HOLD_REQUEST, "REPLACE INTO schedule_states"));
          assertThat(trap.await(SOON)).isTrue();
          leader.kill();
          leader.database().cut();
          leader.start();

          eachTimeHasOneJob(api);
        });
  }

  /** The one that leads is frozen, another takes over, and the first goes on where it was. */
  @Test
  void row40TwoSchedulersThatBelieveTheyLead() throws Exception {
    row(
        40,
        0,
        Role.SCHEDULER,
        (round, second) -> {
          second.start();
          Http api = everySecond();
          App leader = leadingScheduler();
          leader.pause();
          int before = started(api);
          await("the other fires").atMost(SOON).until(() -> started(api) > before + 2);
          leader.resume();

          eachTimeHasOneJob(api);
        });
  }

  private Http everySecond() {
    Http api = new Http(cluster.api().address());
    String body =
        """
        {"cron": "* * * * * *", "overlap": "allow_all", "catch_up": "all",
         "job": {"type": "echo", "payload": {"at": {"$schedule": "scheduled_at"}}}}
        """;
    api.send("PUT", path, BodyPublishers.ofString(body), "content-type", "application/json");
    await("it fires").atMost(SOON).until(() -> started(api) >= 2);
    return api;
  }

  private int started(Http api) {
    return api.get(path).json().at("/status/started").intValue();
  }

  private void eachTimeHasOneJob(Http api) {
    int before = started(api);
    await("it fires again").atMost(SOON).until(() -> started(api) > before + 2);
    api.post(path + "/pause", "");
    JsonNode status = api.get(path).json().path("status");
    List<Instant> times = new ArrayList<>();
    for (JsonNode job : api.get("/v1/jobs?limit=500&label=schedule:" + name).json().path("jobs")) {
      JsonNode whole = api.get("/v1/jobs/" + job.path("id").textValue()).json();
      times.add(Instant.parse(whole.at("/payload/at").textValue()));
    }
    times.sort(null);
    assertThat(times).hasSize(status.path("started").intValue()).doesNotHaveDuplicates();
    assertThat(Duration.between(times.getFirst(), times.getLast()).toSeconds())
        .as("no second without a job")
        .isEqualTo(times.size() - 1L);
    api.send("DELETE", path, BodyPublishers.noBody());
  }
}
