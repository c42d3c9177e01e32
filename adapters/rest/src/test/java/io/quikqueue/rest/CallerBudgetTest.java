package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CallerBudgetTest {

  private final CallerBudget budget = new CallerBudget(100, 50);

  @Test
  void oneCallerLeavesTheRestToOthers() {
    CallerBudget.Share first = budget.share("a");
    assertThat(first.tryTake(30)).isTrue();
    assertThat(budget.share("a").tryTake(21)).isFalse();
    assertThat(first.tryTake(20)).isTrue();

    assertThat(budget.share("b").tryTake(50)).isTrue();
    assertThat(budget.share("c").tryTake(1)).isFalse();
    assertThat(budget.now()).isEqualTo(100);
  }

  @Test
  void aClosedShareGivesBackOnceAndIsForgotten() {
    CallerBudget.Share share = budget.share("a");
    share.tryTake(50);
    share.close();
    share.close();

    assertThat(budget.now()).isZero();
    assertThat(budget.callers()).isZero();
    assertThat(budget.share("a").tryTake(50)).isTrue();
  }

  @Test
  void whatThereIsNoRoomForTakesNothing() {
    budget.share("a").tryTake(50);
    budget.share("b").tryTake(40);
    CallerBudget.Share late = budget.share("c");

    assertThat(late.tryTake(11)).isFalse();
    assertThat(late.tryTake(10)).isTrue();
  }

  @Test
  void whoWaitsGetsWhatIsGivenBack() throws Exception {
    CallerBudget.Share held = budget.share("a");
    held.tryTake(50);
    CallerBudget.Share other = budget.share("b");
    other.tryTake(50);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CallerBudget.Share waiting = budget.share("a");
      Future<Boolean> taken = threads.submit(() -> waiting.take(40, 600));
      assertThat(budget.share("a").take(1, 0)).isFalse();

      held.close();
      await().until(() -> budget.now() == 90);

      assertThat(taken.get()).isTrue();
      waiting.close();
      other.close();
    }
    assertThat(budget.now()).isZero();
  }
}
