package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.acceptance.Http.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs that run jobs of the one-process service. */
final class StandalonePullWorkersTest extends PullWorkers {

  StandalonePullWorkersTest(Standalone system) {
    super(system);
  }

  @Test
  void aWorkerKeepsItsJobWhenTheServiceIsKilledAndStartedAgain() {
    try (Standalone up = Standalone.start(Map.of())) {
      String request =
          "{\"worker\":\"w\",\"types\":[\"resize\"],\"wait\":\"5s\",\"lease\":\"10m\"}";
      up.http().post("/v1/queues/images/lease", request.replace("5s", "0s"));
      String job = "{\"type\":\"resize\",\"queue\":\"images\",\"payload\":1}";
      Answer submitted =
          await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> up.http().post("/v1/jobs", job), each -> each.status() == 202);
      String waiting = up.http().post("/v1/jobs", job).string("id");
      JsonNode lease =
          await()
              .atMost(Duration.ofMinutes(1))
              .until(
                  () -> up.http().post("/v1/queues/images/lease", request).json().at("/leases/0"),
                  JsonNode::isObject);
      assertThat(lease.path("job_id").textValue()).isEqualTo(submitted.string("id"));

      up.kill();
      up.start();

      Answer done =
          up.http().post("/v1/leases/" + lease.path("id").textValue() + "/complete", "{}");
      assertThat(done.status()).as(done.text()).isEqualTo(200);
      JsonNode now = up.http().get("/v1/jobs/" + submitted.string("id")).json();
      assertThat(now.path("state").textValue()).isEqualTo("DONE");
      assertThat(now.path("attempt").intValue()).isOne();
      assertThat(now.path("crashes").intValue()).isZero();
      JsonNode next =
          await()
              .atMost(Duration.ofMinutes(1))
              .until(
                  () -> up.http().post("/v1/queues/images/lease", request).json().at("/leases/0"),
                  JsonNode::isObject);
      assertThat(next.path("job_id").textValue()).isEqualTo(waiting);
    }
  }
}
