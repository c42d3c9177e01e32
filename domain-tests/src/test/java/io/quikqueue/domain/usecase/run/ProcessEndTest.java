package io.quikqueue.domain.usecase.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessEndTest {

  private static final StackTraceElement EXIT = frame("java.lang.Shutdown", "exit");
  private static final StackTraceElement[] WAITING = {frame("java.lang.Object", "wait")};
  private static final StackTraceElement[] SIGNAL = {
    EXIT, frame("java.lang.Terminator$1", "handle"), frame("java.lang.Thread", "run")
  };
  private static final StackTraceElement[] MAIN = {EXIT, frame("app.Main", "main")};
  private static final StackTraceElement[] LAST_THREAD = {frame("java.lang.Shutdown", "shutdown")};
  private static final StackTraceElement[] HANDLER = {
    EXIT, frame("java.lang.Runtime", "exit"), frame("a.Handler", "run")
  };

  @Test
  void aThreadThatCalledExitIsTheCause() {
    ProcessEnd end = new ProcessEnd(true, List.<StackTraceElement[]>of(WAITING), _ -> HANDLER);

    assertThat(end.isCausedBy(Thread.currentThread())).isTrue();
    assertThat(end.isCausedBy(null)).isFalse();
  }

  @Test
  void oneThatDoesSomethingElseIsNot() {
    ProcessEnd end = new ProcessEnd(true, List.<StackTraceElement[]>of(SIGNAL), _ -> WAITING);

    assertThat(end.isCausedBy(Thread.currentThread())).isFalse();
  }

  @Test
  void aSignalMainAndTheLastThreadComeFromOutside() {
    for (StackTraceElement[] outside : List.of(SIGNAL, MAIN, LAST_THREAD)) {
      assertThat(new ProcessEnd(true, List.of(WAITING, outside), _ -> WAITING).isFromInside())
          .as(outside[outside.length - 1].toString())
          .isFalse();
    }
  }

  @Test
  void aThreadOfAHandlerSeenOrNotComesFromInside() {
    assertThat(new ProcessEnd(true, List.of(WAITING, HANDLER), _ -> WAITING).isFromInside())
        .isTrue();
    assertThat(
            new ProcessEnd(true, List.<StackTraceElement[]>of(WAITING), _ -> WAITING)
                .isFromInside())
        .isTrue();
  }

  @Test
  void aDrainAloneIsNoEndOfTheProcess() {
    ProcessEnd now = ProcessEnd.now();

    assertThat(now.isFromInside()).isFalse();
    assertThat(now.isCausedBy(Thread.currentThread())).isFalse();
    assertThat(new ProcessEnd(false, List.of(), _ -> HANDLER).isCausedBy(Thread.currentThread()))
        .isFalse();
  }

  private static StackTraceElement frame(String type, String method) {
    return new StackTraceElement(type, method, null, 0);
  }
}
