package io.quikqueue.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck.Result;
import io.quikqueue.domain.port.UnavailableException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TimedHealthCheckTest {

  private static final String SERVER = "database at 127.0.0.1:3306";

  @Test
  void aServerThatAnswersIsHealthy() {
    assertThat(TimedHealthCheck.of(SERVER, () -> {}).execute().isHealthy()).isTrue();
  }

  @Test
  void aServerThatIsAwayIsNamedWithItsAddress() {
    Result result =
        TimedHealthCheck.of(
                SERVER,
                () -> {
                  throw new UnavailableException("store", "no route");
                })
            .execute();

    assertThat(result.isHealthy()).isFalse();
    assertThat(result.getMessage())
        .isEqualTo("database at 127.0.0.1:3306: store is unavailable: no route");
  }

  @Test
  void soIsOneOfWhichSomethingIsFoundWrong() {
    assertThat(TimedHealthCheck.findingAt("Kafka at a:1", () -> "").execute().isHealthy()).isTrue();
    assertThat(
            TimedHealthCheck.findingAt("Kafka at a:1", () -> "it is lost").execute().getMessage())
        .isEqualTo("Kafka at a:1: it is lost");
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
}
