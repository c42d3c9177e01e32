package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that its client reads a little of, again and again, which no idle timeout ends. */
@Timeout(600)
class SlowReaderTest extends RunningApi {

  /** More than the buffers of a connection hold. */
  private static final int RESULT = 12 << 20;

  private static final int CHUNK = 32 << 10;

  /** Each answer has its whole time, or as good as none. */
  public static final class Hasty extends ApiUnderTest {
    @Override
    Duration answerTime(int bytes) {
      return AnswerBudget.usualTime(bytes - RESULT).minusSeconds(29);
    }
  }

  SlowReaderTest() {
    super(Hasty.class);
  }

  @Test
  void losesTheConnection() throws IOException {
    String id = http.post("/v1/jobs", "{\"type\":\"echo\",\"payload\":1}").string("id");
    api.succeed(id, '"' + "x".repeat(RESULT) + '"', "fine");
    AtomicLong read = new AtomicLong();
    for (int trial = 0;
        trial < 10 && read.get() == 0;
        trial++) { // it may be over before it is read
      InputStream answer = sockets.send(Sockets.get("/results/" + id)).getInputStream();
      await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofMinutes(5))
          .until(() -> isOver(answer, read));
    }

    assertThat(read).hasValueBetween(1, RESULT - 1);
    assertThat(http.get("/").status()).isEqualTo(200);
  }

  private static boolean isOver(InputStream answer, AtomicLong read) {
    try {
      int more = answer.read(new byte[CHUNK]);
      return more < 0 || read.addAndGet(more) >= RESULT;
    } catch (IOException e) {
      return true; // reset
    }
  }
}
