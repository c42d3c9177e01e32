package io.quikqueue.domain.usecase.run;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.limit.Destination;
import io.quikqueue.domain.port.ClosedDestinations;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobRun;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DestinationGateTest {

  private static final JobHandler CALLS_NOBODY = _ -> new JobHandler.Result(null, null);

  /** Its payloads are the hosts that it calls; null = none can be found. */
  private static final JobHandler CALLS =
      new JobHandler() {
        @Override
        public Result run(JobRun run) {
          return new Result(null, null);
        }

        @Override
        public HostFinder hostFinder() {
          return payload -> payload.equals("null") ? null : payload;
        }
      };

  private final SettableClock clock = new SettableClock();
  private final InMemoryReadyQueue ready = new InMemoryReadyQueue(clock);
  private final Flaky<ClosedDestinations> closed = new Flaky<>(ClosedDestinations.class, ready);
  private final AtomicLong nanos = new AtomicLong();
  private final DestinationGate gate = new DestinationGate(closed.port(), nanos::get);
  private final DestinationGate other = new DestinationGate(closed.port(), nanos::get);

  @Test
  void aHostThatAsksToWaitIsShutUntilThenForItsJobsAlone() {
    gate.close(job("\"h\"", null), CALLS, ofSeconds(30));

    assertThat(gate.shut(job("\"h\"", null), CALLS).left()).isEqualTo(ofSeconds(30));
    assertThat(gate.shut(job("\"other\"", null), CALLS)).isNull();
    assertThat(gate.shut(job("\"h\"", "a"), CALLS)).as("of a group").isNull();
    assertThat(gate.shut(job("\"h\"", null), CALLS_NOBODY)).isNull();
    pass(ofSeconds(30));
    assertThat(gate.shut(job("\"h\"", null), CALLS)).isNull();
  }

  @Test
  void aGroupThatIsAskedToWaitIsShutWhateverItsJobsCall() {
    gate.close(job("\"h\"", "a"), CALLS, ofSeconds(30));

    assertThat(gate.shut(job("\"h\"", "a"), CALLS)).isNotNull();
    assertThat(gate.shut(job("7", "a"), CALLS_NOBODY)).isNotNull();
    assertThat(gate.shut(job("\"h\"", null), CALLS)).isNull();
    assertThat(gate.shut(job("\"h\"", "b"), CALLS)).isNull();
    assertThat(ready.closed()).containsExactly(entry(Destination.group("q", "a"), ofSeconds(30)));
  }

  @Test
  void whatOneWorkerHeardAnotherKnowsHalfASecondLater() {
    assertThat(other.shut(job("\"h\"", null), CALLS)).isNull();
    gate.close(job("\"h\"", null), CALLS, ofSeconds(30));
    assertThat(other.shut(job("\"h\"", null), CALLS)).isNull();

    pass(ofMillis(500));

    assertThat(other.shut(job("\"h\"", null), CALLS).left()).isEqualTo(ofMillis(29_500));
  }

  @Test
  void nothingIsAskedForJobsThatCallNobodyOrHaveAGroup() {
    assertThat(gate.shut(job("7", null), CALLS_NOBODY)).isNull();
    assertThat(gate.shut(job("\"h\"", "a"), CALLS)).isNull();
    assertThat(closed.calls("closed")).isZero();

    for (int i = 0; i < 10; i++) {
      assertThat(gate.shut(job("\"h\"", null), CALLS)).isNull();
    }
    assertThat(closed.calls("closed")).isOne();
  }

  @Test
  void whileTheReadyQueueIsAwayWhatWasHeardHereCounts() {
    closed.down();
    gate.close(job("\"h\"", null), CALLS, ofSeconds(30));

    assertThat(gate.shut(job("\"h\"", null), CALLS)).isNotNull();
    closed.up();
    assertThat(ready.closed()).isEmpty();
  }

  @Test
  void nothingIsShutForLongerThanAnHour() {
    gate.close(job("\"h\"", null), CALLS, ofHours(100));

    assertThat(gate.shut(job("\"h\"", null), CALLS).left()).isEqualTo(ofHours(1));
    assertThat(ready.closed().values()).containsExactly(ofHours(1));
  }

  @Test
  void aHostThatCannotBeFoundOrHasAnAbsurdNameIsNotShut() {
    gate.close(job("null", null), CALLS, ofSeconds(30));
    gate.close(job("7", null), CALLS_NOBODY, ofSeconds(30));
    gate.close(job("\"" + "h".repeat(300) + "\"", null), CALLS, ofSeconds(30));
    assertThat(ready.closed()).isEmpty();

    gate.close(job("\"" + "h".repeat(298) + "\"", null), CALLS, ofSeconds(30));
    assertThat(ready.closed()).hasSize(1);
  }

  private void pass(Duration time) {
    clock.advance(time);
    nanos.addAndGet(time.toNanos());
  }

  private static java.util.Map.Entry<Destination, Duration> entry(Destination of, Duration left) {
    return java.util.Map.entry(of, left);
  }

  private static JobSpec job(String payload, String group) {
    return JobSpec.builder("call", payload).queue("q").group(group).build();
  }
}
