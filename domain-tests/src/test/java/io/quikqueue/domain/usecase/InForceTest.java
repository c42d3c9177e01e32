package io.quikqueue.domain.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InForceTest {

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean away;
  private volatile @Nullable CountDownLatch answers;

  private Integer read(@Nullable Integer before) {
    int read = reads.incrementAndGet();
    CountDownLatch latch = answers;
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (away) {
      throw new UnavailableException("store", "it is away");
    }
    return read;
  }

  @Test
  void whatCountsForEverIsToldWhileTheStoreIsAway() {
    InForce<Integer> inForce = new InForce<>(this::read, nanos::get);
    assertThat(inForce.get()).isOne();
    away = true;
    pass(Duration.ofDays(1));

    assertThat(inForce.get()).isOne();
  }

  @Test
  void whatCountsForAWhileIsToldAsLongAndThenNobodyCanSay() {
    InForce<Integer> inForce = InForce.upTo(LONGEST, this::read, nanos::get);
    assertThat(inForce.get()).isOne();
    away = true;
    pass(LONGEST.minusNanos(1));
    assertThat(inForce.get()).isOne();

    pass(Duration.ofNanos(1));

    assertThatThrownBy(inForce::get).isInstanceOf(UnavailableException.class);
  }

  @Test
  void aStoreThatFailedIsAskedAgainHalfASecondLater() {
    InForce<Integer> inForce = new InForce<>(this::read, nanos::get);
    inForce.get();
    away = true;
    pass(Duration.ofSeconds(1));
    inForce.get();
    inForce.get();
    assertThat(reads).hasValue(2);

    pass(Duration.ofMillis(500));
    inForce.get();

    assertThat(reads).hasValue(3);
  }

  @Test
  void whatIsASecondOldIsNotToldWhileSomebodyReads() throws Exception {
    InForce<Integer> inForce = InForce.upTo(LONGEST, this::read, nanos::get);
    inForce.get();
    pass(Duration.ofHours(1));
    CountDownLatch latch = new CountDownLatch(1);
    answers = latch;
    CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(inForce::get);
    await().until(() -> reads.get() == 2);
    AtomicInteger told = new AtomicInteger();
    Thread other = Thread.ofPlatform().start(() -> told.set(told(inForce)));
    await().until(() -> !other.isAlive() || other.getState() == Thread.State.TIMED_WAITING);

    latch.countDown();

    other.join();
    assertThat(reader.get()).isEqualTo(2);
    assertThat(told.get()).as("told, or nobody could say").isIn(2, 0);
  }

  private static int told(InForce<Integer> inForce) {
    try {
      return inForce.get();
    } catch (UnavailableException e) {
      return 0; // it waited half a second in vain
    }
  }

  @Test
  void nobodyWaitsForAReadingThatTakesLong() {
    InForce<Integer> inForce = InForce.upTo(LONGEST, this::read, nanos::get);
    inForce.get();
    pass(Duration.ofSeconds(2));
    CountDownLatch latch = new CountDownLatch(1);
    answers = latch;
    CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(inForce::get);
    await().until(() -> reads.get() == 2);
    pass(Duration.ofMillis(500));

    assertThat(inForce.get()).isOne();

    latch.countDown();
    assertThat(reader.join()).isEqualTo(2);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
