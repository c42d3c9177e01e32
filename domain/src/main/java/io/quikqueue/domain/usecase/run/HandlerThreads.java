package io.quikqueue.domain.usecase.run;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Starts the platform threads that handlers run on. Each is in a thread group of its own, together
 * with the threads that its handler starts: a handler that interrupts its group reaches neither
 * this process nor its neighbours. Safe for use by several threads.
 */
final class HandlerThreads {

  /** Used again, since Java finds a new group a place among all those not yet collected. */
  private final Queue<ThreadGroup> free = new ConcurrentLinkedQueue<>();

  /**
   * Runs a task.
   *
   * @throws OutOfMemoryError when the system has no thread left; the task does not run
   */
  void start(String name, Runnable task) {
    ThreadGroup group = free.poll();
    ThreadGroup own = group == null ? new ThreadGroup("handler") : group;
    Runnable inGroup =
        () -> {
          try {
            task.run();
          } finally {
            free.add(own);
          }
        };
    Thread.Builder.OfPlatform thread = Thread.ofPlatform().group(own).name(name).daemon();
    try {
      thread.start(inGroup);
    } catch (OutOfMemoryError e) {
      free.add(own);
      throw e;
    }
  }
}
