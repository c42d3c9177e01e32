package io.quikqueue.stack;

import io.quikqueue.servers.ServerException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs tasks at the same time. */
final class Parallel {
  private Parallel() {}

  /**
   * Returns when all are done; at the first failure interrupts the others and throws it as a
   * ServerException.
   */
  static void run(List<Runnable> tasks) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ExecutorCompletionService<Void>(executor);
      tasks.forEach(task -> done.submit(task, null));
      try {
        for (int i = 0; i < tasks.size(); i++) {
          done.take().get();
        }
      } catch (ExecutionException e) {
        executor.shutdownNow();
        throw e.getCause() instanceof ServerException known
            ? known
            : new ServerException("unexpected: " + e.getCause(), e);
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
        throw new ServerException("interrupted", e);
      }
    }
  }
}
