package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HandlerThreadsTest {

  private final HandlerThreads threads = new HandlerThreads();
  private final Map<String, ThreadGroup> groups = new ConcurrentHashMap<>();
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  private void start(String name) {
    threads.start(
        name,
        () -> {
          groups.put(name, Thread.currentThread().getThreadGroup());
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void aHandlerSharesItsThreadGroupWithNobody() {
    start("one");
    start("other");
    await().until(() -> groups.size() == 2);

    assertThat(groups.values())
        .doesNotHaveDuplicates()
        .doesNotContain(Thread.currentThread().getThreadGroup());
    mayEnd.countDown();
  }

  @Test
  void aGroupThatIsFreeIsUsedAgain() {
    mayEnd.countDown();
    start("one");
    await().until(() -> groups.get("one") instanceof ThreadGroup one && one.activeCount() == 0);

    start("next");
    await().until(() -> groups.size() == 2);

    assertThat(groups.get("next")).isSameAs(groups.get("one"));
  }
}
