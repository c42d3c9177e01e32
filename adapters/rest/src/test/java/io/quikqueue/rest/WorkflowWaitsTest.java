package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.WorkflowId;
import io.quikqueue.domain.port.WorkflowView;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for workflows leaves room for other requests. */
@Timeout(600)
class WorkflowWaitsTest extends RunningApi {

  private static final int WAITS = 60;
  private static final int REQUESTS = 20;

  private String path = "";
  private String job = "";

  /** Waits outlast each test, unless they are ended. */
  public static final class Limited extends ApiUnderTest {
    @Override
    void limit(RestConfig rest) {
      rest.setMaxWait(Duration.minutes(5));
      rest.getLimits().setWaits(1_000, WAITS);
      rest.getLimits().setRequests(1_000, REQUESTS);
    }
  }

  WorkflowWaitsTest() {
    super(Limited.class);
  }

  @BeforeEach
  void submit() {
    path =
        http.post("/v1/groups", "{\"jobs\":[{\"type\":\"echo\",\"payload\":1}]}")
            .header("location");
    job = http.get(path).json().at("/nodes/0/job_id").textValue();
  }

  @Test
  void whoWaitsDoesNotCountAmongTheRequestsThatAreWorkedOn() {
    List<Socket> waiting = waiting(WAITS);

    assertThat(http.get("/").status()).isEqualTo(200);
    assertThat(http.get(path).status()).isEqualTo(200);
    Http.Answer refused = http.get(path + "?wait=1m");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.text()).contains(WAITS + " requests that wait for a workflow");

    api.change(job, each -> each.succeed("1", null, api.clock.instant()));

    assertThat(waiting).allMatch(socket -> Sockets.status(socket) == 200);
  }

  @Test
  void whoWaitsIsWokenByTheEndAndNotByTheNextLook() {
    List<Socket> waiting = waiting(1);
    WorkflowId id = new WorkflowId(JobId.parse(path.substring(path.lastIndexOf('/') + 1)));
    WorkflowView open = api.memory.workflows().find(id).orElseThrow();

    api.workflowWaits.ended(open); // no look at the store would end this wait

    assertThat(waiting).allMatch(socket -> Sockets.status(socket) == 200);
    await().until(() -> api.rest.waiting() == 0);
  }

  /** Who waits for an end is told of it, also when somebody retries the workflow at once. */
  @Test
  void whoWaitsIsToldOfTheEndOfTheGenerationOfThen() {
    CompletableFuture<Http.Answer> waits =
        CompletableFuture.supplyAsync(() -> http.get(path + "?wait=4m"));
    await().until(() -> api.rest.waiting() == 1);

    api.change(job, each -> each.succeed("1", null, api.clock.instant()));
    assertThat(http.post(path + "/retry", "{\"mode\":\"all\"}").status()).isEqualTo(202);

    JsonNode over = waits.join().json();
    assertThat(over.path("state").textValue()).isEqualTo("DONE");
    assertThat(over.path("generation").intValue()).isOne();
    assertThat(over.at("/nodes/0/job_id").textValue()).isEqualTo(job);
    JsonNode now = http.get(path).json();
    assertThat(now.path("state").textValue()).isEqualTo("RUNNING");
    assertThat(now.path("generation").intValue()).isEqualTo(2);
  }

  @Test
  void nobodyWaitsForAnEarlierGenerationOrOneThatIsNotThere() {
    api.change(job, each -> each.succeed("1", null, api.clock.instant()));
    assertThat(http.post(path + "/retry", "{\"mode\":\"all\"}").status()).isEqualTo(202);

    assertThat(http.get(path + "?generation=1&wait=4m").json().path("state").textValue())
        .isEqualTo("DONE");
    assertThat(http.get(path + "?generation=3&wait=4m").status()).isEqualTo(404);
  }

  @Test
  void aClientThatGoesFreesItsPlace() {
    waiting(WAITS);

    sockets.close();

    await().until(() -> api.rest.waiting() == 0);
  }

  @Test
  void aClientThatClosesItsSideIsAnsweredAtOnce() throws IOException {
    Socket socket = waiting(1).getFirst();

    socket.shutdownOutput();

    assertThat(Sockets.status(socket)).isEqualTo(200);
    await().until(() -> api.rest.waiting() == 0);
  }

  @Test
  void whoWaitsWhenTheServiceStopsIsAnswered() {
    List<Socket> waiting = waiting(10);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(app::after);

    assertThat(waiting).allMatch(socket -> Sockets.status(socket) == 200);
    stopped.join();
  }

  /** A few at once: until they wait they are requests like others. */
  private List<Socket> waiting(int most) {
    List<Socket> waiting = new ArrayList<>();
    while (waiting.size() < most) {
      waiting.addAll(
          sockets.send(
              Math.min(REQUESTS / 2, most - waiting.size()), Sockets.get(path + "?wait=4m")));
      await().until(() -> api.rest.waiting() == waiting.size());
    }
    return waiting;
  }
}
