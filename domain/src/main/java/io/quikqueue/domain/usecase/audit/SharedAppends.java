package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.AuditLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Adds records to the audit log, those that come while one transaction is under way together in the
 * next. Whoever has to wait anyway writes for all: there is no thread to start or to stop.
 */
final class SharedAppends {

  private static final int MOST_WAITING = 2000;

  /** Of one caller. */
  static final int MOST_OF_CALLER = MOST_WAITING / 4;

  private static final int BATCH = 100;

  private final AuditLog log;
  private final Duration patience;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Map<String, Integer> waiting = new ConcurrentHashMap<>();
  private final ReentrantLock writing = new ReentrantLock();

  private record Waiting(AuditRecord record, CompletableFuture<@Nullable Void> done) {}

  /**
   * @param patience how long one waits for others
   */
  SharedAppends(AuditLog log, Duration patience) {
    this.log = log;
    this.patience = patience;
  }

  /**
   * Adds a record, and returns when it is durable.
   *
   * @param by whose it is: nobody takes all places
   * @throws io.quikqueue.domain.port.UnavailableException when it may not be
   * @throws OverloadedException when too many wait; it is not
   */
  void append(AuditRecord record, String by) {
    if (waiting.merge(by, 1, Integer::sum) > MOST_OF_CALLER) {
      leave(by);
      throw new OverloadedException();
    }
    try {
      append(record);
    } finally {
      leave(by);
    }
  }

  private void leave(String by) {
    waiting.computeIfPresent(by, (_, count) -> count == 1 ? null : count - 1);
  }

  private void append(AuditRecord record) {
    Waiting own = new Waiting(record, new CompletableFuture<>());
    if (!queue.offer(own)) {
      throw new OverloadedException();
    }
    if (lock()) {
      try {
        while (!own.done().isDone()) {
          writeBatch();
        }
      } finally {
        writing.unlock();
      }
    } else if (queue.remove(own)) {
      throw new OverloadedException();
    }
    try {
      own.done().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private boolean lock() {
    try {
      return writing.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void writeBatch() {
    List<Waiting> batch = new ArrayList<>();
    queue.drainTo(batch, BATCH);
    try {
      log.append(batch.stream().map(Waiting::record).toList());
      batch.forEach(each -> each.done().complete(null));
    } catch (RuntimeException | Error e) {
      batch.forEach(each -> each.done().completeExceptionally(e));
    }
  }
}
