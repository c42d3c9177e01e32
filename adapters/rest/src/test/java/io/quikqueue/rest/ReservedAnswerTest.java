package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch changes something, so it is done only when there is room for what it is answered. */
@Timeout(600)
class ReservedAnswerTest extends RunningApi {

  /** Two of them leave a caller less room than the answer to the batch takes. */
  private static final int RESULT = 31 << 19;

  private static final String BATCH =
      "["
          + String.join(
              ",",
              Collections.nCopies(10_000, "{\"type\":\"echo\",\"queue\":\"batch\",\"payload\":1}"))
          + "]";

  ReservedAnswerTest() {
    super(ApiUnderTest.class);
  }

  @Test
  void nothingIsStoredWhileThereIsNoRoomForTheAnswer() throws IOException {
    String id = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}").string("id");
    api.succeed(id, '"' + "x".repeat(RESULT) + '"', "fine");
    for (int i = 0; i < 2; i++) {
      int begun = sockets.send(Sockets.get("/results/" + id)).getInputStream().read();
      assertThat(begun).isEqualTo('H');
    }

    assertThat(http.post("/v1/jobs/batch", BATCH).status()).isEqualTo(503);
    assertThat(http.get("/v1/queues/batch").status()).isEqualTo(404);

    sockets.close();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> http.post("/v1/jobs/batch", BATCH).status() == 202);
    assertThat(http.get("/v1/queues/batch").json().path("submitted").intValue()).isEqualTo(10_000);
  }
}
