package io.quikqueue.domain.usecase.audit;

import io.quikqueue.domain.audit.AuditRecord;
import io.quikqueue.domain.batch.Batcher;
import io.quikqueue.domain.batch.OverloadedException;
import io.quikqueue.domain.port.AuditLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds records to the audit log, those that come while one transaction is under way together in the
 * next. There are two lanes, so that one connection that hangs does not stop all changes.
 */
final class SharedAppends implements AutoCloseable {

  private static final int LANES = 2;
  private static final int MOST_WAITING = 2000;

  /** Of one caller. */
  static final int MOST_OF_CALLER = MOST_WAITING / 4;

  private static final int BATCH = 100;

  private final Batcher<AuditRecord, AuditRecord> batches;
  private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

  /**
   * @param patience how long one waits for others
   */
  SharedAppends(AuditLog log, Duration patience) {
    this.batches =
        new Batcher<>(
            "audit",
            LANES,
            MOST_WAITING,
            BATCH,
            Duration.ZERO,
            patience,
            records -> {
              log.append(records);
              return records;
            });
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
      batches.submit(record).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      leave(by);
    }
  }

  private void leave(String by) {
    waiting.computeIfPresent(by, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Writes what waits, and refuses what comes. */
  @Override
  public void close() {
    batches.close();
  }
}
