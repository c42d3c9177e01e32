package io.quikqueue.domain.usecase.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Jobs;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.InvalidFieldException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseIdTest {

  private final AttemptId attempt = new AttemptId(new Jobs().aQueuedJob().id(), 7);

  @Test
  void isReadAsItWasWritten() {
    for (String worker : List.of("w", "Host-1.example:4711/a_b+c", "x".repeat(200))) {
      for (Duration lease : List.of(Duration.ofSeconds(5), Duration.ofHours(1))) {
        LeaseId id = new LeaseId(attempt, lease, worker);
        assertThat(id.toString()).matches("[A-Za-z0-9_-]{30,310}");
        assertThat(LeaseId.parse(id.toString())).isEqualTo(id);
      }
    }
  }

  @Test
  void isRefusedWhenItIsNone() {
    String id = new LeaseId(attempt, Duration.ofSeconds(30), "w").toString();
    for (String none :
        List.of("", "x", "%", id.substring(0, 20), id + "AAAA", "B" + id.substring(1), id + "*")) {
      assertThatThrownBy(() -> LeaseId.parse(none))
          .as(none)
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageStartingWith("id:");
    }
    assertThatThrownBy(() -> LeaseId.parse("A".repeat(1_000_000)))
        .isInstanceOf(InvalidFieldException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a@b", "ü", "-a", "a\n", "%"})
  void workersHaveNamesThatNeedNoEscapes(String worker) {
    assertThatThrownBy(() -> request(worker, 1, Duration.ofSeconds(30)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("worker:");
    assertThatThrownBy(() -> request("x".repeat(201), 1, Duration.ofSeconds(30)))
        .isInstanceOf(InvalidFieldException.class);
  }

  @Test
  void requestsAreBounded() {
    request("w", 500, Duration.ofSeconds(5));
    request("w", 1, Duration.ofHours(1));
    for (int max : new int[] {0, -1, 501}) {
      assertThatThrownBy(() -> request("w", max, Duration.ofSeconds(5)))
          .hasMessageStartingWith("max:");
    }
    for (Duration lease : List.of(Duration.ofMillis(4999), Duration.ofMillis(3_600_001))) {
      assertThatThrownBy(() -> request("w", 1, lease)).hasMessageStartingWith("lease:");
    }
  }

  private static LeaseRequest request(String worker, int max, Duration lease) {
    return new LeaseRequest("default", worker, Set.of(), max, lease);
  }
}
