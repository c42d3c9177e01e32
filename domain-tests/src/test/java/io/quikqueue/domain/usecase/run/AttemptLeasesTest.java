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
import org.junit.jupiter.api.Test;

class AttemptLeasesTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final World world = new World(new SettableClock());
  private final AttemptLeases leases =
      new AttemptLeases(
          world.ready.port(), new WorkerSettings("worker", Set.of(), 4, 4, 1, LEASE, _ -> false));
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

  private static void awaitForAMoment(CountDownLatch latch) {
    try {
      boolean unused = latch.await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
