package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheck.Result;
import io.quikqueue.domain.port.UnavailableException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TimedHealthCheckTest {

  private static final String SERVER = "database at 127.0.0.1:3306";

  @Test
  void aServerThatAnswersIsHealthy() {
    await().until(() -> TimedHealthCheck.of(SERVER, () -> {}).execute().isHealthy());
  }

  @Test
  void aServerThatIsAwayIsNamedWithItsAddress() {
    awaitMessage(
        TimedHealthCheck.of(
            SERVER,
            () -> {
              throw new UnavailableException("store", "no route");
            }),
        "database at 127.0.0.1:3306: store is unavailable: no route");
  }

  @Test
  void soIsOneOfWhichSomethingIsFoundWrong() {
    await().until(() -> TimedHealthCheck.findingAt("Kafka at a:1", () -> "").execute().isHealthy());
    awaitMessage(
        TimedHealthCheck.findingAt("Kafka at a:1", () -> "it is lost"), "Kafka at a:1: it is lost");
  }

  @Test
  void soIsOneThatDoesNotAnswerInTime() {
    CountDownLatch never = new CountDownLatch(1);

    Result result =
        TimedHealthCheck.of(
                SERVER,
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                })
            .execute();

    assertThat(result.isHealthy()).isFalse();
    assertThat(result.getMessage()).isEqualTo("database at 127.0.0.1:3306: no answer within 2 s");
  }

  /** A check that takes longer than two seconds says so instead, whatever else the machine does. */
  private static void awaitMessage(HealthCheck check, String message) {
    Result result =
        await()
            .until(
                check::execute, each -> !String.valueOf(each.getMessage()).endsWith("within 2 s"));
    assertThat(result.isHealthy()).isFalse();
    assertThat(result.getMessage()).isEqualTo(message);
  }
}
