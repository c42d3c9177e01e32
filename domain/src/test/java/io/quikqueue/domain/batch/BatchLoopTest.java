package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quikqueue.domain.batch.BatchLoop.BatchSize;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchLoopTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final BlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();
  private final Semaphore turns = new Semaphore(0);
  private final List<BatchLoop<Integer>> loops = new ArrayList<>();

  @AfterEach
  void close() {
    turns.release(1_000);
    loops.forEach(loop -> loop.close(LONG));
  }

  private BatchLoop<Integer> loop(int capacity, BatchSize size, Consumer<List<Integer>> action) {
    BatchLoop<Integer> loop =
        new BatchLoop<>("test", capacity, size, new BatchPacer(Duration.ZERO), action);
    loops.add(loop);
    return loop;
  }

  /** A loop whose batches each wait for a turn. */
  private BatchLoop<Integer> loop(int capacity, int mostInBatch) {
    return loop(
        capacity,
        new BatchSize(mostInBatch, 1),
        batch -> {
          batches.add(List.copyOf(batch));
          turns.acquireUninterruptibly();
        });
  }

  private List<Integer> next() throws InterruptedException {
    List<Integer> batch = batches.poll(1, TimeUnit.MINUTES);
    assertThat(batch).isNotNull();
    return batch;
  }

  @Test
  void whatComesDuringOneBatchGoesTogetherIntoTheNextInOrder() throws InterruptedException {
    BatchLoop<Integer> loop = loop(100, 3);
    loop.offer(1);
    assertThat(next()).containsExactly(1);
    List.of(2, 3, 4, 5).forEach(loop::offer);
    turns.release(2);

    assertThat(next()).containsExactly(2, 3, 4);
    assertThat(next()).containsExactly(5);
  }

  @Test
  void refusesWhatFindsNoRoom() throws InterruptedException {
    BatchLoop<Integer> loop = loop(2, 10);
    loop.offer(1);
    next();

    assertThat(List.of(loop.offer(2), loop.offer(3), loop.offer(4)))
        .containsExactly(true, true, false);
    assertThat(loop.waiting()).isEqualTo(2);
  }

  @Test
  void dropsWhatWaits() throws InterruptedException {
    BatchLoop<Integer> loop = loop(10, 10);
    loop.offer(1);
    next();
    loop.offer(2);
    loop.offer(3);

    assertThat(loop.drop()).containsExactly(2, 3);
    assertThat(loop.waiting()).isZero();
  }

  @Test
  void repeatsABatchUntilTheServerIsBack() throws InterruptedException {
    CountDownLatch back = new CountDownLatch(2);
    BatchLoop<Integer> loop =
        loop(
            10,
            new BatchSize(10, 1),
            batch -> {
              batches.add(List.copyOf(batch));
              if (back.getCount() > 0) {
                back.countDown();
                throw new UnavailableException("store", "away");
              }
            });
    loop.offer(1);

    assertThat(List.of(next(), next(), next())).containsOnly(List.of(1));
    loop.offer(2);
    assertThat(next()).containsExactly(2);
  }

  @Test
  void aBugInOneBatchDoesNotStopTheNext() throws InterruptedException {
    BatchLoop<Integer> loop =
        loop(
            10,
            new BatchSize(10, 1),
            batch -> {
              batches.add(List.copyOf(batch));
              if (batch.contains(1)) {
                throw new IllegalStateException("a bug");
              }
            });
    loop.offer(1);
    assertThat(next()).containsExactly(1);

    loop.offer(2);

    assertThat(next()).containsExactly(2);
  }

  @Test
  void closingHandlesWhatWaits() throws InterruptedException {
    BatchLoop<Integer> loop = loop(10, 1);
    loop.offer(1);
    next();
    loop.offer(2);
    loop.offer(3);
    turns.release(10);

    loop.close(LONG);

    assertThat(batches).containsExactly(List.of(2), List.of(3));
  }

  @Test
  void closingGivesUpAfterThePatience() throws InterruptedException {
    BatchLoop<Integer> loop =
        loop(
            10,
            new BatchSize(1, 1),
            batch -> {
              batches.add(List.copyOf(batch));
              throw new UnavailableException("store", "away");
            });
    loop.offer(1);
    next();
    loop.offer(2);
    loop.offer(3);

    loop.close(Duration.ofMillis(1));

    assertThat(loop.waiting()).isZero();
    assertThat(batches).doesNotContain(List.of(2), List.of(3));
  }
}
