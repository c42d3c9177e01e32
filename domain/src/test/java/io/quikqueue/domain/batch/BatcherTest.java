package io.quikqueue.domain.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BatcherTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
  private final Semaphore entered = new Semaphore(0);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Batcher<Integer, String>> open = new ArrayList<>();

  @AfterEach
  void closeAll() {
    gate.countDown();
    open.forEach(Batcher::close);
  }

  @Test
  void everyItemGetsItsOwnAnswer() {
    Batcher<Integer, String> batcher = batcher(4, 1000, 7, LONG, this::answer);

    List<CompletableFuture<String>> answers =
        IntStream.range(0, 1000).mapToObj(batcher::submit).toList();

    for (int i = 0; i < 1000; i++) {
      assertThat(answers.get(i).join()).isEqualTo("answer " + i);
    }
    assertThat(batches).allMatch(batch -> batch.size() <= 7);
  }

  @Test
  void whatComesWhileABatchIsUnderWayGoesTogetherIntoTheNext() throws InterruptedException {
    Batcher<Integer, String> batcher = batcher(1, 100, 5, LONG, this::answerWhenTold);
    CompletableFuture<String> first = batcher.submit(0);
    entered.acquire();
    List<CompletableFuture<String>> rest = IntStream.range(1, 9).mapToObj(batcher::submit).toList();

    gate.countDown();
    first.join();
    rest.forEach(CompletableFuture::join);

    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4, 5), List.of(6, 7, 8));
  }

  @Test
  void aFullQueueRefuses() throws InterruptedException {
    Batcher<Integer, String> batcher = batcher(1, 3, 5, LONG, this::answerWhenTold);
    CompletableFuture<String> first = batcher.submit(0);
    entered.acquire();
    List<CompletableFuture<String>> waiting =
        IntStream.range(1, 4).mapToObj(batcher::submit).toList();

    assertThatThrownBy(() -> batcher.submit(4)).isInstanceOf(OverloadedException.class);

    gate.countDown();
    assertThat(first.join()).isEqualTo("answer 0");
    assertThat(waiting).allMatch(answer -> answer.join().startsWith("answer"));
    assertThat(batches).doesNotContain(List.of(4));
  }

  @Test
  void anItemThatWaitedTooLongIsNotTried() throws InterruptedException {
    Batcher<Integer, String> batcher = batcher(1, 10, 5, Duration.ofNanos(1), this::answerWhenTold);
    CompletableFuture<String> late = batcher.submit(1);

    assertThatThrownBy(late::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(OverloadedException.class);
    assertThat(batches).isEmpty();
  }

  @Test
  void whatTheActionThrowsReachesItsBatchAndNoOther() {
    Batcher<Integer, String> batcher =
        batcher(
            1,
            10,
            1,
            LONG,
            batch -> {
              if (batch.contains(1)) {
                throw new IllegalStateException("not this one");
              }
              if (batch.contains(2)) {
                throw new AssertionError("nor this one");
              }
              return answer(batch);
            });

    List<CompletableFuture<String>> answers =
        IntStream.range(0, 4).mapToObj(batcher::submit).toList();

    assertThat(answers.getFirst().join()).isEqualTo("answer 0");
    assertThatThrownBy(answers.get(1)::join).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(answers.get(2)::join).hasCauseInstanceOf(AssertionError.class);
    assertThat(answers.get(3).join()).isEqualTo("answer 3");
  }

  @Test
  void closingFinishesWhatWaitsAndRefusesWhatComes() throws InterruptedException {
    Batcher<Integer, String> batcher = batcher(1, 10, 2, LONG, this::answerWhenTold);
    List<CompletableFuture<String>> waiting =
        IntStream.range(0, 7).mapToObj(batcher::submit).toList();
    entered.acquire();
    Thread closing = Thread.ofVirtual().start(batcher::close);
    gate.countDown();
    closing.join();

    assertThat(waiting).allMatch(answer -> answer.join().startsWith("answer"));
    assertThatThrownBy(() -> batcher.submit(8)).isInstanceOf(OverloadedException.class);
  }

  @Test
  void lanesWorkAtTheSameTime() throws InterruptedException {
    Batcher<Integer, String> batcher = batcher(3, 10, 1, LONG, this::answerWhenTold);
    IntStream.range(0, 3).forEach(batcher::submit);

    entered.acquire(3);

    assertThat(batches).hasSize(3);
  }

  @Test
  void aLoneItemDoesNotWaitForCompany() {
    Batcher<Integer, String> batcher = gathering(Duration.ofHours(1), this::answer);

    batcher.submit(0).join();
    batcher.submit(1).join();

    assertThat(batches).containsExactly(List.of(0), List.of(1));
  }

  @Test
  void afterABatchOfSeveralTheNextWaitsForAsMany() throws InterruptedException {
    Batcher<Integer, String> batcher = gathering(Duration.ofHours(1), this::answerWhenTold);
    performTogether(batcher, 1, 2, 3);

    List<CompletableFuture<String>> next = IntStream.range(4, 7).mapToObj(batcher::submit).toList();

    next.forEach(CompletableFuture::join);
    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5, 6));
  }

  @Test
  void itDoesNotWaitForThemForLong() throws InterruptedException {
    Batcher<Integer, String> batcher = gathering(Duration.ofMillis(20), this::answerWhenTold);
    performTogether(batcher, 1, 2, 3);

    batcher.submit(4).join();

    assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4));
  }

  @Test
  void closingDoesNotWaitForCompany() throws InterruptedException {
    Batcher<Integer, String> batcher = gathering(Duration.ofHours(1), this::answerWhenTold);
    performTogether(batcher, 1, 2, 3);
    CompletableFuture<String> last = batcher.submit(4);

    batcher.close();

    assertThat(last.join()).isEqualTo("answer 4");
  }

  /** Item 0 alone, and these in the batch after it. */
  private void performTogether(Batcher<Integer, String> batcher, Integer... items)
      throws InterruptedException {
    CompletableFuture<String> first = batcher.submit(0);
    entered.acquire();
    List<CompletableFuture<String>> rest = Stream.of(items).map(batcher::submit).toList();
    gate.countDown();
    first.join();
    rest.forEach(CompletableFuture::join);
  }

  private Batcher<Integer, String> gathering(
      Duration apart, Function<List<Integer>, List<String>> action) {
    Batcher<Integer, String> batcher = new Batcher<>("test", 1, 100, 50, apart, LONG, action);
    open.add(batcher);
    return batcher;
  }

  private Batcher<Integer, String> batcher(
      int lanes,
      int capacity,
      int maxBatch,
      Duration maxWait,
      Function<List<Integer>, List<String>> action) {
    Batcher<Integer, String> batcher =
        new Batcher<>("test", lanes, capacity, maxBatch, Duration.ZERO, maxWait, action);
    open.add(batcher);
    return batcher;
  }

  private List<String> answer(List<Integer> batch) {
    batches.add(List.copyOf(batch));
    return batch.stream().map(item -> "answer " + item).toList();
  }

  private List<String> answerWhenTold(List<Integer> batch) {
    List<String> answers = answer(batch);
    entered.release();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return answers;
  }
}
