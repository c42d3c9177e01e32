package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.Duration;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one caller holds leaves room for others, and for its own other requests. */
@Timeout(600)
class CallerLimitsTest extends RunningApi {

  private static final int WAITS = 300;
  private static final int BODIES = 40;
  private static final int CONNECTIONS = 600;
  private static final int LOADS_BY_CALLER = 8;

  /** Waits outlast each test, unless they are ended. */
  public static final class Limited extends ApiUnderTest {
    @Override
    void limit(RestConfig rest) {
      rest.setMaxWait(Duration.minutes(5));
      rest.getLimits().setWaits(1_000, WAITS);
      rest.getLimits().setBodies(1_000, BODIES);
      rest.getLimits().setConnections(1_000, CONNECTIONS);
    }
  }

  CallerLimitsTest() {
    super(Limited.class);
  }

  @Test
  void waitsBeyondTheMostAreRefusedAndTheOthersAnswered() {
    String id = submitted();
    List<Socket> waiting = sockets.send(WAITS, waitFor(id));
    await().until(() -> api.rest.waiting() == WAITS);

    assertThat(http.get("/").status()).isEqualTo(200);
    for (Socket refused : sockets.send(20, waitFor(id))) {
      assertThat(Sockets.status(refused)).isEqualTo(429);
    }
    assertThat(http.get("/results/" + id + "?wait=1m").text()).contains(WAITS + " requests");

    api.succeed(id, "1", "fine");

    assertThat(waiting).allMatch(socket -> Sockets.status(socket) == 200);
  }

  @Test
  void aClientThatGoesFreesItsPlace() {
    String id = submitted();
    sockets.send(WAITS, waitFor(id));
    await().until(() -> api.rest.waiting() == WAITS);

    sockets.close();

    await().until(() -> api.rest.waiting() == 0);
    List<Socket> others = sockets.send(WAITS - 1, waitFor(id));
    api.succeed(id, "1", "fine");
    assertThat(others).allMatch(socket -> Sockets.status(socket) == 200);
  }

  @Test
  void aClientThatClosesItsSideIsAnsweredAtOnce() throws IOException {
    String id = submitted();
    Socket before = sockets.send(waitFor(id));
    Socket later = sockets.send(waitFor(id));
    before.shutdownOutput();
    await().until(() -> api.rest.waiting() == 1);
    later.shutdownOutput();

    assertThat(Sockets.status(before)).isEqualTo(202);
    assertThat(Sockets.status(later)).isEqualTo(202);
    await().until(() -> api.rest.waiting() == 0);
  }

  @Test
  void aRequestThatComesWhileAnotherWaitsIsAnsweredAfterIt() throws IOException {
    String id = submitted();
    Socket socket = sockets.send(waitFor(id));
    Sockets.write(
        socket, Sockets.get("/results/" + id) + waitFor(id) + waitFor(ApiTest.UNKNOWN_ID));
    List<Socket> others =
        sockets.send(3, waitFor(id) + waitFor(id) + Sockets.get("/results/" + id));

    api.succeed(id, "1", "fine");

    for (int status : new int[] {200, 200, 200, 404}) {
      assertThat(Sockets.status(socket)).isEqualTo(status);
    }
    for (Socket other : others) {
      for (int i = 0; i < 3; i++) {
        assertThat(Sockets.status(other)).isEqualTo(200);
      }
    }
  }

  @Test
  void bodiesThatBeginAndDoNotGoOnLeaveRoomForQuestions() {
    sockets.send(BODIES, Sockets.begun("/v1/jobs"));
    await().until(() -> http.post("/submit", "{\"text\":\"a\"}").status() == 429);

    for (String path : List.of("/v1/jobs", "/submit", "/v1/jobs/batch", "/echo")) {
      assertThat(sockets.send(BODIES, Sockets.begun(path)))
          .allMatch(socket -> Sockets.status(socket) == 429);
    }
    assertThat(http.get("/").status()).isEqualTo(200);

    sockets.close();

    await().until(() -> http.post("/submit", "{\"text\":\"a\"}").status() == 202);
  }

  @Test
  void connectionsBeyondTheMostAreClosed() {
    List<Socket> open = sockets.send(CONNECTIONS, "");
    assertThat(isClosed(sockets.send(""))).isTrue();

    assertThat(open).noneMatch(Socket::isClosed);
    sockets.close();

    await().ignoreExceptions().until(() -> http.get("/").status() == 200);
  }

  @Test
  void whoWaitsWhenTheServiceStopsIsAnswered() {
    String id = submitted();
    List<Socket> waiting = sockets.send(WAITS, waitFor(id));
    await().until(() -> api.rest.waiting() == WAITS);

    CompletableFuture<Void> stopped = CompletableFuture.runAsync(app::after);

    assertThat(waiting).allMatch(socket -> Sockets.status(socket) == 202);
    stopped.join();
  }

  @Test
  void whoAsksForManyJobsAtOnceLeavesRoomForAnotherCaller() {
    String id = submitted();
    AtomicInteger loading = new AtomicInteger();
    CountDownLatch loaded = new CountDownLatch(1);
    api.store.before(
        () -> {
          loading.incrementAndGet();
          try {
            loaded.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    List<Socket> many = sockets.send(20, Sockets.get("/results/" + id));
    List<Socket> unknown = sockets.send(5, Sockets.get("/results/" + ApiTest.UNKNOWN_ID));
    await().until(() -> loading.get() == LOADS_BY_CALLER);

    Socket another = sockets.sendFrom("127.0.0.2", Sockets.get("/v1/jobs/" + id));

    await().until(() -> loading.get() == LOADS_BY_CALLER + 1);
    api.store.heal();
    loaded.countDown();
    assertThat(Sockets.status(another)).isEqualTo(200);
    assertThat(many).allMatch(socket -> Sockets.status(socket) == 202);
    assertThat(unknown).allMatch(socket -> Sockets.status(socket) == 404);
  }

  private String submitted() {
    return http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}").string("id");
  }

  private static String waitFor(String id) {
    return Sockets.get("/v1/jobs/" + id + "/result?wait=5m");
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true; // reset
    }
  }
}
