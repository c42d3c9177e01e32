package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quikqueue.contracts.Flaky;
import io.quikqueue.contracts.InMemoryStore;
import io.quikqueue.contracts.Jobs;
import io.quikqueue.contracts.SettableClock;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.port.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerHeartbeatTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000); // it may overflow
  private final Flaky<Workers> store = new Flaky<>(Workers.class, new InMemoryStore(clock));
  private final WorkerHeartbeat heartbeat =
      new WorkerHeartbeat(store.port(), this::worker, nanos::get);
  private final Jobs jobs = new Jobs();
  private final AttemptSnapshot job = running(null);
  private List<AttemptSnapshot> running = new ArrayList<>();
  private int busy;
  private long next = nanos.get();

  @Test
  void theFirstOneIsToldAtOnce() {
    heartbeat.beat();

    assertThat(told().busy()).isZero();
  }

  @Test
  void whatIsAsItWasIsToldEveryFiveSeconds() {
    pass(Duration.ofSeconds(60));

    assertThat(beats()).isEqualTo(13);
  }

  @Test
  void aJobThatStartsAndOneThatEndsAreToldWithinASecond() {
    pass(Duration.ofSeconds(2));
    runs(job);
    pass(Duration.ofMillis(100));
    assertThat(told().busy()).isOne();
    assertThat(told().running()).containsExactly(job);

    runs();
    pass(Duration.ofSeconds(1));
    assertThat(told().busy()).isZero();
    assertThat(told().running()).isEmpty();
  }

  @Test
  void whatAHandlerReportsIsToldWithinASecond() {
    runs(job);
    pass(Duration.ofSeconds(2));
    AttemptSnapshot half = report(job, 50, "half way");
    runs(half);
    pass(Duration.ofMillis(100));
    assertThat(told().running()).containsExactly(half);

    AttemptSnapshot more = report(job, 51, "half way");
    runs(more);
    pass(Duration.ofSeconds(1));
    assertThat(told().running()).containsExactly(more);
  }

  @Test
  void aHandlerThatReportsWithoutPauseCostsOneWriteASecond() {
    for (int i = 0; i < 100; i++) {
      runs(report(job, i, null), report(running(null), i, null));
      pass(Duration.ofMillis(100));
    }

    assertThat(beats()).isLessThanOrEqualTo(11);
    assertThat(told().running()).hasSize(2);
  }

  @Test
  void ofManyThoseThatReportAreToldAndAHundredOfTheOthers() {
    List<AttemptSnapshot> all = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      all.add(running(null));
    }
    for (int i = 0; i < 300; i++) {
      all.add(running(new Progress(i % 101, null)));
    }
    runs(all.toArray(AttemptSnapshot[]::new));
    heartbeat.beat();
    assertThat(told().running()).hasSize(400).containsAll(all.subList(150, 450));

    for (int i = 0; i < 800; i++) {
      all.add(running(new Progress(1, null)));
    }
    runs(all.toArray(AttemptSnapshot[]::new));
    pass(Duration.ofSeconds(2));
    assertThat(told().running()).hasSize(1000).noneMatch(each -> each.progress() == null);
    assertThat(told().busy()).isEqualTo(1250);
  }

  @Test
  void whatTheStoreDidNotTakeIsToldAgain() {
    heartbeat.beat();
    runs(job);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    store.down();
    assertThatThrownBy(heartbeat::beat).isInstanceOf(UnavailableException.class);
    store.up();

    heartbeat.beat();

    assertThat(told().running()).containsExactly(job);
  }

  private void runs(AttemptSnapshot... attempts) {
    running = List.of(attempts);
    busy = attempts.length;
  }

  /** Lets time pass while a loop calls it as often as it asks for. */
  private void pass(Duration time) {
    long end = nanos.get() + time.toNanos();
    while (end - next >= 0) {
      nanos.set(next);
      next += heartbeat.beat().toNanos();
    }
    nanos.set(end);
  }

  private WorkerInfo told() {
    return store.port().live(HOUR).getFirst();
  }

  private int beats() {
    return store.calls("heartbeat");
  }

  private AttemptSnapshot running(@Nullable Progress progress) {
    return new AttemptSnapshot(jobs.aQueuedJob().attemptId(), "echo", clock.instant(), progress);
  }

  private static AttemptSnapshot report(AttemptSnapshot of, int percent, @Nullable String message) {
    return new AttemptSnapshot(
        of.attempt(), of.type(), of.startedAt(), new Progress(percent, message));
  }

  private WorkerInfo worker() {
    return new WorkerInfo(
        "w",
        "host",
        1,
        Set.of(),
        Set.of("echo"),
        2000,
        busy,
        running,
        clock.instant(),
        clock.instant());
  }
}
