package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.client.JobView;
import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a handler that runs many jobs with one call means, wherever it runs. */
@ExtendWith(SharedSystems.class)
abstract class BatchedJobs {

  private static final Duration SOON = Duration.ofMinutes(3);

  private final Http http;
  private final QuikQueueClient client;

  /** A queue that belongs to this test alone. */
  private final String mine = "b" + UUID.randomUUID().toString().substring(0, 13);

  BatchedJobs(Deployment system) {
    this.http = system.http();
    this.client = system.client();
  }

  @Test
  void jobsThatAreRunWithOneCallAreEachCompletedOrFailedByThemselves() {
    await().atMost(SOON).until(() -> http.get("/v1/workers").text().contains("greeting_card"));
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(client.submit(card(i == 7 ? " " : "n" + i)));
    }

    int together = 0;
    for (int i = 0; i < ids.size(); i++) {
      JobView job = client.await(ids.get(i), SOON);
      assertThat(job.state()).isEqualTo(i == 7 ? State.FAILED : State.DONE);
      assertThat(job.attempt()).isOne();
      if (i == 7) {
        assertThat(job.error()).contains("name: must not be blank");
      } else {
        assertThat(job.result().path("text").textValue()).isEqualTo("Hello, n" + i + "!");
        together = Math.max(together, job.result().path("printed_with").intValue());
      }
    }
    assertThat(together).as("cards printed together").isPositive();
  }

  private NewJob card(String name) {
    return NewJob.of("greeting_card", Map.of("name", name)).queue(mine);
  }
}
