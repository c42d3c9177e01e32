package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.client.JobView;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.NewOperation;
import io.quikqueue.client.OperationView;
import io.quikqueue.client.QuikQueueClient;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Many jobs of the one-process service changed at once. */
final class StandaloneOperationsTest extends Operations {

  private static final int JOBS = 1_000;

  StandaloneOperationsTest(Standalone system) {
    super(system);
  }

  @Test
  void goesOnWhenTheServiceIsKilledAndStartedAgain() {
    try (Standalone up = Standalone.start(Map.of())) {
      QuikQueueClient client = up.client();
      NewJob later = NewJob.of("echo", 1).queue("many").delay(Duration.ofDays(1));
      client.submitAll(Collections.nCopies(JOBS, later));
      UUID id = client.operations().begin(NewOperation.cancel().queue("many").rate(100)).id();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> client.operations().find(id).orElseThrow().changed() > 0);

      up.kill();
      up.start();

      OperationView done =
          await()
              .atMost(Duration.ofMinutes(2))
              .until(
                  () -> client.operations().find(id).orElseThrow(),
                  now -> now.state() == OperationView.State.DONE);
      assertThat(done.seen()).isEqualTo(JOBS);
      assertThat(done.changed() + done.skipped()).isEqualTo(JOBS);
      assertThat(
              up.http()
                  .get("/v1/queues/many")
                  .json()
                  .at("/jobs/" + JobView.State.CANCELLED)
                  .intValue())
          .isEqualTo(JOBS);
    }
  }
}
