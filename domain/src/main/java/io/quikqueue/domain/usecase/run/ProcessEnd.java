package io.quikqueue.domain.usecase.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who ends this process, if it ends: {@code System.exit} never returns, so the stacks of the
 * threads tell. Java has no way any more to refuse that call to a handler.
 */
final class ProcessEnd {

  private static final String EXIT = "java.lang.Shutdown";
  private static final String SIGNAL = "java.lang.Terminator";

  private final boolean begun;
  private final boolean fromOutside;
  private final Function<Thread, StackTraceElement[]> stack;

  /**
   * @param begun whether the process ends
   * @param stacks those of all platform threads
   * @param stack that of any thread
   */
  ProcessEnd(
      boolean begun,
      Collection<StackTraceElement[]> stacks,
      Function<Thread, StackTraceElement[]> stack) {
    this.begun = begun;
    this.stack = stack;
    this.fromOutside = stacks.stream().anyMatch(each -> has(each, EXIT) && isOutside(each));
  }

  /** What can be seen now. */
  static ProcessEnd now() {
    return new ProcessEnd(hasBegun(), Thread.getAllStackTraces().values(), Thread::getStackTrace);
  }

  /** Whether this thread called for the end. */
  boolean isCausedBy(@Nullable Thread thread) {
    return begun && thread != null && has(stack.apply(thread), EXIT);
  }

  /**
   * Whether something in this process called for the end, and neither a signal nor its main did.
   */
  boolean isFromInside() {
    return begun && !fromOutside;
  }

  /** Signals come in on a thread of their own; main and what ends with it have no other caller. */
  private static boolean isOutside(StackTraceElement[] stack) {
    StackTraceElement first = stack[stack.length - 1];
    return has(stack, SIGNAL)
        || first.getMethodName().equals("main")
        || first.getClassName().equals(EXIT);
  }

  private static boolean has(StackTraceElement[] stack, String name) {
    return Arrays.stream(stack)
        .map(StackTraceElement::getClassName)
        .anyMatch(each -> each.equals(name) || each.startsWith(name + "$"));
  }

  private static boolean hasBegun() {
    Thread none = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(none);
      Runtime.getRuntime().removeShutdownHook(none);
      return false;
    } catch (IllegalStateException e) {
      return true; // the only way to ask
    }
  }
}
