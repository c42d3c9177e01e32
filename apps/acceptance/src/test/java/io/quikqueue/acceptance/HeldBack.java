package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.client.JobView.State;
import io.quikqueue.client.NewJob;
import io.quikqueue.client.QuikQueueClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Finds out when jobs are held back, which is promised within a second only, and on a busy machine
 * may take longer. That a job has not started yet says nothing: it may be on its way.
 */
final class HeldBack {

  private static final Duration SOON = Duration.ofMinutes(3);

  /** Jobs that come later and have to run to their ends. */
  private static final int LATER = 3;

  private HeldBack() {}

  /**
   * Submits jobs until one stays where it is: it is ready, and all of those that were submitted
   * after that have run. Returns it.
   *
   * @param queue of the jobs
   * @param held submits one that is to be held back
   * @param later submits one that is not
   */
  static UUID job(Deployment system, String queue, Supplier<UUID> held, Supplier<UUID> later) {
    QuikQueueClient client = system.client();
    return await("a job is held back")
        .atMost(SOON)
        .until(
            () -> {
              UUID id = held.get();
              await("it is dispatched")
                  .atMost(SOON)
                  .until(() -> state(client, id) != State.QUEUED || ready(system, queue) > 0);
              for (int i = 0; i < LATER; i++) {
                assertThat(client.await(later.get(), SOON).state()).isEqualTo(State.DONE);
              }
              return state(client, id) == State.QUEUED ? id : null;
            },
            Objects::nonNull);
  }

  /** Returns when all pauses of queues and types that were asked for are in force. */
  static void awaitPauses(Deployment system) {
    // Pauses are read all together: with this one, those before it are in force.
    String queue = "h" + UUID.randomUUID().toString().substring(0, 13);
    String path = "/v1/queues/" + queue;
    assertThat(system.http().post(path + "/pause", "{\"note\":\"a trial\"}").status())
        .isEqualTo(200);
    QuikQueueClient client = system.client();
    UUID held =
        job(
            system,
            queue,
            () -> client.submit(NewJob.of("echo", 1).queue(queue)),
            () -> client.submit(NewJob.of("echo", 1).queue(queue + "-later")));
    client.cancel(held);
    system.http().send("POST", path + "/resume", BodyPublishers.noBody());
  }

  private static State state(QuikQueueClient client, UUID id) {
    return client.find(id).orElseThrow().state();
  }

  private static double ready(Deployment system, String queue) {
    return system.metrics("consumer").sum("quikqueue_ready_jobs", "queue=\"" + queue + "\"");
  }
}
