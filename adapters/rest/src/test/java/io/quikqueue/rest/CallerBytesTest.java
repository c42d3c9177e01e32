package io.quikqueue.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CallerBytesTest {

  private final CallerBytes bytes = new CallerBytes(100, 50);

  @Test
  void oneCallerLeavesTheRestToOthers() {
    CallerBytes.Share first = bytes.share("a");
    assertThat(first.tryTake(30)).isTrue();
    assertThat(bytes.share("a").tryTake(21)).isFalse();
    assertThat(first.tryTake(20)).isTrue();

    assertThat(bytes.share("b").tryTake(50)).isTrue();
    assertThat(bytes.share("c").tryTake(1)).isFalse();
    assertThat(bytes.now()).isEqualTo(100);
  }

  @Test
  void aClosedShareGivesBackOnceAndIsForgotten() {
    CallerBytes.Share share = bytes.share("a");
    share.tryTake(50);
    share.close();
    share.close();

    assertThat(bytes.now()).isZero();
    assertThat(bytes.callers()).isZero();
    assertThat(bytes.share("a").tryTake(50)).isTrue();
  }

  @Test
  void whatThereIsNoRoomForTakesNothing() {
    bytes.share("a").tryTake(50);
    bytes.share("b").tryTake(40);
    CallerBytes.Share late = bytes.share("c");

    assertThat(late.tryTake(11)).isFalse();
    assertThat(late.tryTake(10)).isTrue();
  }

  @Test
  void whoWaitsGetsWhatIsGivenBack() throws Exception {
    CallerBytes.Share held = bytes.share("a");
    held.tryTake(50);
    CallerBytes.Share other = bytes.share("b");
    other.tryTake(50);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CallerBytes.Share waiting = bytes.share("a");
      Future<Boolean> taken = threads.submit(() -> waiting.take(40, 600));
      assertThat(bytes.share("a").take(1, 0)).isFalse();

      held.close();
      await().until(() -> bytes.now() == 90);

      assertThat(taken.get()).isTrue();
      waiting.close();
      other.close();
    }
    assertThat(bytes.now()).isZero();
  }
}
