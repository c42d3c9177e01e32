package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http;
import io.quikqueue.acceptance.faults.Proxy.Then;
import io.quikqueue.acceptance.faults.Proxy.Trap;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Row 35: operations on many jobs. */
final class OperationFaultsTest extends FaultTest {

  private static final int JOBS = 300;
  private static final String QUEUE = "row35-bulk";

  OperationFaultsTest(Cluster cluster) {
    super(cluster);
  }

  /**
   * The scheduler is killed when it has retried some jobs, which have failed again, and before it
   * has kept that it did: the next one finds jobs that look as they did before.
   */
  @Test
  void row35SchedulerKilledBetweenAStepAndItsRecord() throws Exception {
    row(
        35,
        0,
        Role.SCHEDULER,
        (round, second) -> {
          second.start();
          Http api = new Http(cluster.api().address());
          String job =
              "{\"type\":\"fail\",\"queue\":\"%s\",\"payload\":{\"times\":9,\"permanent\":true}}"
                  .formatted(QUEUE);
          api.post("/v1/jobs/batch", Collections.nCopies(JOBS, job).toString());
          await("all failed").atMost(SOON).until(() -> failed(api) == JOBS);
          App leader = leadingScheduler();
          Trap trap =
              leader.database().set(new Trap(Then.HOLD_REQUEST, "UPDATE operations SET position"));

          String operation =
              api.post(
                      "/v1/operations",
                      "{\"action\":\"retry\",\"filter\":{\"queue\":\"%s\"}}".formatted(QUEUE))
                  .header("location");
          assertThat(trap.await(SOON)).isTrue();
          await("retried jobs failed again")
              .atMost(SOON)
              .until(() -> failed(api) == JOBS && attempts(api).contains(2));
          leader.kill();
          leader.database().cut();
          leader.start();

          await("it goes on")
              .atMost(SOON)
              .until(() -> api.get(operation).string("state").equals("done"));
          JsonNode done = api.get(operation).json();
          assertThat(done.path("seen").intValue()).isEqualTo(JOBS);
          assertThat(done.path("skipped").intValue()).as("changed before the kill").isPositive();
          await("all failed again").atMost(SOON).until(() -> failed(api) == JOBS);
          assertThat(attempts(api)).as("attempts").containsOnly(2);
        });
  }

  private static int failed(Http api) {
    return api.get("/v1/queues/" + QUEUE).json().at("/jobs/FAILED").intValue();
  }

  private static List<Integer> attempts(Http api) {
    return api.get("/v1/jobs?limit=500&queue=" + QUEUE).json().findValues("attempt").stream()
        .map(JsonNode::intValue)
        .toList();
  }
}
