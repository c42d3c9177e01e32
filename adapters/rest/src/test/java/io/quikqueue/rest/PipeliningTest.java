package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a client sends without waiting for the answers. */
@Timeout(600)
class PipeliningTest extends RunningApi {

  /** More than the buffers of a connection hold. */
  private static final String RESULT = '"' + "x".repeat(12 << 20) + '"';

  private static final int PIPELINED = 50;

  PipeliningTest() {
    super(ApiUnderTest.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/jobs/%s", "/v1/jobs/%s/result", "/results/%s"})
  void thoseOfAClientThatHasGoneAreDropped(String path) throws IOException {
    String id = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}").string("id");
    api.succeed(id, RESULT, "fine");
    AtomicInteger finds = new AtomicInteger();
    api.store.before(finds::incrementAndGet);
    Socket socket = sockets.send(Sockets.get(path.formatted(id)).repeat(PIPELINED));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    int before = finds.get();
    int connected = connections();

    sockets.close();

    await().until(() -> connections() < connected);
    assertThat(finds).hasValue(before);
  }

  @Test
  void thoseOfAClientThatReadsAreAnswered() {
    Socket socket = sockets.send(Sockets.get("/results/" + ApiTest.UNKNOWN_ID).repeat(PIPELINED));

    for (int i = 0; i < PIPELINED; i++) {
      assertThat(Sockets.status(socket)).isEqualTo(404);
    }
  }

  private int connections() {
    return Stream.of(app.getEnvironment().getApplicationContext().getServer().getConnectors())
        .mapToInt(connector -> connector.getConnectedEndPoints().size())
        .sum();
  }
}
