package io.quikqueue.rest;

import static io.quikqueue.rest.ApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.usecase.lease.LeaseId;
import io.quikqueue.domain.usecase.lease.Leases;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An api that is configured without a ready queue does all but lease and move jobs. */
class NoReadyQueueTest extends RunningApi {

  /** Has none. */
  public static final class Without extends ApiUnderTest {
    @Override
    @Nullable Leases leases() {
      return null;
    }
  }

  NoReadyQueueTest() {
    super(Without.class);
  }

  @Test
  void saysWhatIsMissingAndTakesJobsIn() {
    AttemptId attempt = new AttemptId(JobId.parse(ApiTest.UNKNOWN_ID), 1);
    String lease = "/v1/leases/" + new LeaseId(attempt, Duration.ofSeconds(30), "w");

    for (String action : new String[] {"heartbeat", "complete", "release"}) {
      assertProblem(http.post(lease + "/" + action, "{}"), 503, "no-ready-queue");
    }
    assertProblem(http.post("/v1/leases/batch", "[]"), 503, "no-ready-queue");
    assertThat(
            assertProblem(
                    http.post("/v1/queues/default/lease", "{\"worker\":\"w\"}"),
                    503,
                    "no-ready-queue")
                .path("detail")
                .textValue())
        .contains("redis");
    assertProblem(
        http.patch("/v1/jobs/" + ApiTest.UNKNOWN_ID, "{\"priority\":1}"), 503, "no-ready-queue");
    assertThat(http.post("/submit", "{\"text\":\"a\"}").status()).isEqualTo(202);
  }
}
