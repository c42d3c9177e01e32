package io.quikqueue.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every ready queue guarantees of many takers: they wait, wake, and share no job. */
public abstract class ReadyQueueWaitContract extends ReadyQueueContract {

  @Test
  void returnsNothingAfterTheWait() throws Exception {
    long start = System.nanoTime();
    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LONG, Duration.ofMillis(300))))
        .isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(290), LONG);
  }

  @Test
  void doesNotWaitWhenThereIsAJob() throws Exception {
    push(message("a", 5));

    assertThat(queue.take(TakeRequest.ofAllTypes("w", ALL, 10, LONG, Duration.ofSeconds(50))))
        .hasSize(1);
  }

  @Test
  void wakesWhenAJobIsPushed() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      wakesSoon(
          () -> {
            Future<List<Job>> taken = waitingTake(threads, Set.of("a"));
            push(message("b", 5));
            long start = System.nanoTime();
            push(message("a", 5));
            assertThat(taken.get(2, TimeUnit.MINUTES)).hasSize(1);
            return Duration.ofNanos(System.nanoTime() - start);
          });
    }
  }

  @Test
  void wakesWhenAJobIsReleased() throws Exception {
    Job job = message("a", 5);
    push(job);
    take("w", 1);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      wakesSoon(
          () -> {
            Future<List<Job>> taken = waitingTake(threads, ALL);
            long start = System.nanoTime();
            queue.release("w", List.of(job));
            assertThat(ids(taken.get(2, TimeUnit.MINUTES))).containsExactly(id(job));
            return Duration.ofNanos(System.nanoTime() - start);
          });
    }
  }

  /**
   * Wakes ten times in a row sooner than a taker would look again by itself; on a busy machine it
   * may take some more.
   */
  private static void wakesSoon(Callable<Duration> wake) {
    AtomicInteger inARow = new AtomicInteger();
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              boolean isSoon = wake.call().compareTo(Duration.ofMillis(500)) < 0;
              return (isSoon ? inARow.incrementAndGet() : inARow.getAndSet(0)) >= 10;
            });
  }

  @Test
  void canBeInterruptedWhileWaiting() throws Exception {
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread taker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LONG, Duration.ofSeconds(50)));
                  } catch (InterruptedException | RuntimeException e) {
                    thrown.set(e);
                  }
                });
    await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
    taker.interrupt();

    assertThat(taker.join(Duration.ofMinutes(2))).isTrue();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void refusesToTakeOnAnInterruptedThread() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> queue.take(TakeRequest.ofAllTypes("w", ALL, 1, LONG, Duration.ofSeconds(5))))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void givesNoJobToTwoTakers() throws Exception {
    int jobs = 2000;
    int takers = 8;
    ConcurrentLinkedQueue<AttemptId> taken = new ConcurrentLinkedQueue<>();
    List<Job> pushed = new ArrayList<>(messages("a", jobs / 2));
    pushed.addAll(messages("b", jobs / 2));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < takers; i++) {
        String worker = "w" + i;
        threads.submit(
            () -> {
              while (taken.size() < jobs) {
                taken.addAll(
                    ids(
                        queue.take(
                            TakeRequest.ofAllTypes(worker, ALL, 7, LONG, Duration.ofMillis(50)))));
              }
              return null;
            });
      }
      for (int i = 0; i < jobs; i += 100) {
        List<Job> batch = pushed.subList(i, i + 100);
        threads.submit(() -> push(batch));
        threads.submit(() -> push(batch));
      }
      await().until(() -> taken.size() >= jobs);
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(ids(pushed));
  }

  @Test
  void wakesWhenAJobOfTheTypeIsPushedToAQueueThatHasOthers() throws Exception {
    push(message("a", "greet", 5));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<List<Job>> taken =
          waitingTake(
              threads,
              new TakeRequest("w", ALL, Set.of("report"), 10, QueueRoom.UNLIMITED, LONG, LONG));
      Job report = message("a", "report", 5);
      push(report);

      assertThat(ids(taken.get(2, TimeUnit.MINUTES))).containsExactly(id(report));
    }
  }
}
