package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestBodiesTest {

  /** A body that is there as fast as it is read, and never ends. */
  private static final InputStream ENDLESS =
      new InputStream() {
        @Override
        public int read() {
          return ' ';
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
          return length;
        }
      };

  /** A virtual thread that never blocks is never taken off its carrier by anybody else. */
  @Test
  void whoReadsLargeBodiesLetsOtherRequestsHaveTheirTurn() throws Exception {
    int carriers = Runtime.getRuntime().availableProcessors();
    CountDownLatch reading = new CountDownLatch(carriers);
    AtomicBoolean over = new AtomicBoolean();
    IntStream.range(0, 2 * carriers)
        .forEach(
            i ->
                Thread.ofVirtual()
                    .start(
                        () -> {
                          byte[] buffer = new byte[16 << 10];
                          BodyPace pace = new BodyPace();
                          while (!over.get()) {
                            RequestBodies.read(ENDLESS, buffer, 0, pace);
                            reading.countDown();
                          }
                        }));
    try {
      assertThat(reading.await(1, TimeUnit.MINUTES)).isTrue();
      Thread question = Thread.ofVirtual().start(() -> {});

      assertThat(question.join(Duration.ofMinutes(1))).isTrue();
    } finally {
      over.set(true);
    }
  }
}
