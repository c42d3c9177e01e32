package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.contracts.SettableClock;
import io.quikqueue.contracts.World;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class AttemptLeasesTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final Logger LOG = Logger.getLogger(AttemptLeases.class.getName());

  private final AtomicLong nanos = new AtomicLong();
  private final World world = new World(new SettableClock());
  private final AttemptLeases leases =
      new AttemptLeases(
          world.ready.port(),
          new WorkerSettings("worker", Set.of(), 4, 4, 1, LEASE, _ -> false),
          nanos::get);
  private final List<AttemptId> lost = new ArrayList<>();

  private List<Job> take(String worker) throws InterruptedException {
    return world.readyMemory.take(
        TakeRequest.ofAllTypes(worker, Set.of(), 1, LEASE, Duration.ZERO));
  }

  @Test
  void whatIsGivenBackWhileLeasesAreRenewedIsReady() throws InterruptedException {
    world.readied(world.jobs.aQueuedJob());
    List<Job> held = take("worker");
    CountDownLatch released = new CountDownLatch(1);
    world.ready.afterNext("release", released::countDown);
    List<CompletableFuture<Void>> givingBack = new ArrayList<>();
    world.ready.beforeNext(
        "extend",
        () -> {
          givingBack.add(CompletableFuture.runAsync(() -> leases.giveBack(held)));
          awaitForAMoment(released);
        });

    leases.renew(() -> held, lost::add);
    givingBack.getFirst().join();

    assertThat(take("another")).hasSize(1);
    assertThat(lost).isEmpty();
  }

  @Test
  void whatAnotherHasIsLost() throws InterruptedException {
    world.readied(world.jobs.aQueuedJob());
    List<Job> taken = take("another");

    leases.renew(() -> taken, lost::add);

    assertThat(lost).containsExactly(taken.getFirst().attemptId());
  }

  @Test
  void withoutTheReadyQueueNothingIsLost() throws InterruptedException {
    world.readied(world.jobs.aQueuedJob());
    List<Job> held = take("worker");
    world.ready.down();

    leases.renew(() -> held, lost::add);
    leases.giveBack(held);

    assertThat(lost).isEmpty();
    assertThat(take("another")).isEmpty();
  }

  @Test
  void thatLeasesMayHaveRunOutIsLogged() throws InterruptedException {
    world.readied(world.jobs.aQueuedJob());
    List<Job> held = take("worker");
    List<String> lines = new ArrayList<>();
    Handler handler = collecting(lines);
    LOG.addHandler(handler);
    try {
      nanos.addAndGet(LEASE.toNanos());
      leases.renew(() -> held, lost::add);
      assertThat(lines).as("in time").isEmpty();

      nanos.addAndGet(LEASE.plusMillis(1).toNanos());
      leases.renew(List::of, lost::add);
      assertThat(lines).as("none are held").isEmpty();

      world.ready.down();
      nanos.addAndGet(LEASE.toNanos());
      leases.renew(() -> held, lost::add);
      world.ready.up();
      nanos.addAndGet(Duration.ofMillis(1).toNanos());
      leases.renew(() -> held, lost::add);
      leases.renew(() -> held, lost::add);
    } finally {
      LOG.removeHandler(handler);
    }
    assertThat(lines)
        .containsExactly("event=leases_renewed_late attempts=1 after_ms=30001 lease_ms=30000");
  }

  /** What this thread logs: other tests run beside this one. */
  private static Handler collecting(List<String> lines) {
    long own = Thread.currentThread().threadId();
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        if (line.getLongThreadID() == own) {
          lines.add(line.getMessage());
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static void awaitForAMoment(CountDownLatch latch) {
    try {
      boolean unused = latch.await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
