package io.quikqueue.domain.usecase.find;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryLimits;
import io.quikqueue.contracts.InMemoryReadyQueue;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Precondition;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.port.LimitUsage;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitChecksTest {

  private static final Rate RATE = new Rate(1, Duration.ofHours(1), 2);

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryLimits store = new InMemoryLimits();
  private final LimitsInForce limits = new LimitsInForce(store, nanos::get);
  private final InMemoryReadyQueue ready = new InMemoryReadyQueue(clock);
  private final Flaky<LimitUsage> usage = new Flaky<>(LimitUsage.class, ready);
  private final LimitChecks checks =
      new LimitChecks(limits, usage.port(), new BoundedAsking(nanos::get));
  private final Jobs jobs = new Jobs(clock);
  private final Job job = jobs.aQueuedJob();

  @Test
  void withoutLimitsNobodyIsAsked() {
    assertThat(checks.of(job)).isEmpty();
    assertThat(usage.calls("of")).isZero();
  }

  @Test
  void aJobThatIsNotReadyHasNone() {
    limit(new Limits(1, null, null, null, null, null, Map.of()));

    assertThat(checks.of(jobs.aWaitingJob())).isEmpty();
    assertThat(usage.calls("of")).isZero();
  }

  @Test
  void saysHowManyRunAndHowManyMay() {
    limit(new Limits(1, null, null, null, null, null, Map.of()));
    assertThat(only(WaitCheck.Code.QUEUE_LIMIT).passed()).isTrue();
    run(1);

    WaitCheck full = only(WaitCheck.Code.QUEUE_LIMIT);
    assertThat(full.passed()).isFalse();
    assertThat(full.value()).isEqualTo("1");
    assertThat(full.limit()).isEqualTo(1);
    assertThat(full.sentence()).isEqualTo("queue \"default\" runs 1 of 1 jobs at once");
  }

  @Test
  void saysInHowLongThereAreTokens() {
    limit(new Limits(null, null, RATE, null, null, null, Map.of()));
    assertThat(only(WaitCheck.Code.RATE).passed()).isTrue();
    run(2);

    WaitCheck empty = only(WaitCheck.Code.RATE);
    assertThat(empty.passed()).isFalse();
    assertThat(empty.value()).isEqualTo("3600000ms");
    assertThat(empty.sentence()).isEqualTo("its rate lets it start in 3600000 ms at the earliest");
  }

  @Test
  void aReadyQueueThatIsAwayIsLeftAloneForAMoment() {
    limit(new Limits(1, null, null, null, null, null, Map.of()));
    usage.down();
    assertThat(checks.of(job)).isEmpty();
    usage.up();
    assertThat(checks.of(job)).isEmpty();
    assertThat(usage.calls("of")).isOne();

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(checks.of(job)).hasSize(1);
  }

  private WaitCheck only(WaitCheck.Code code) {
    return checks.of(job).stream().filter(check -> check.code() == code).findFirst().orElseThrow();
  }

  /** They are in force in the ready queue once somebody has asked it for jobs. */
  private void limit(Limits ofQueue) {
    store.put(LimitKey.queue("default"), ofQueue, "me", clock.instant(), Precondition.NONE);
    take(1);
  }

  private void run(int count) {
    for (int i = 0; i < count; i++) {
      ready.push(List.of(jobs.aQueuedJob()));
    }
    assertThat(take(count)).hasSize(count);
  }

  private List<Job> take(int most) {
    TakeRequest request =
        TakeRequest.ofAllTypes("w", Set.of(), most, Duration.ofMinutes(1), Duration.ZERO);
    try {
      return ready.take(request.under(limits.table()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
