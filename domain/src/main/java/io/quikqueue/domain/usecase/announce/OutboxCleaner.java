package io.quikqueue.domain.usecase.announce;

import io.quikqueue.domain.batch.BatchLoop;
import io.quikqueue.domain.batch.BatchLoop.BatchSize;
import io.quikqueue.domain.batch.BatchPacer;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.List;

/**
 * Deletes the outbox rows of what was announced, in the background and in larger batches than are
 * announced, since nobody waits for it. A row that stays is announced once more by the relay, which
 * dispatch recognises.
 */
final class OutboxCleaner implements AutoCloseable {

  private static final int CAPACITY = 20_000;
  private static final int MAX_BATCH = 1_000;
  private static final Duration MIN_INTERVAL = Duration.ofMillis(100);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Announce announce;
  private final BatchLoop<AttemptId> announced;

  OutboxCleaner(Announce announce) {
    this.announce = announce;
    this.announced =
        new BatchLoop<>(
            "outbox-cleaner",
            CAPACITY,
            new BatchSize(MAX_BATCH, MAX_BATCH),
            BatchPacer.strict(MIN_INTERVAL),
            announce::clean);
  }

  /**
   * Hands over without waiting. The rows of those that find no room are deleted by the caller, so
   * that it does not outrun the store.
   *
   * @throws UnavailableException when there is no room and the store cannot be reached
   */
  void add(List<Job> jobs) {
    List<AttemptId> attempts = jobs.stream().map(Job::attemptId).toList();
    for (int i = 0; i < attempts.size(); i++) {
      if (!announced.offer(attempts.get(i))) {
        announce.clean(attempts.subList(i, attempts.size()));
        return;
      }
    }
  }

  /** Deletes what is left, unless the store is away, and stops. */
  @Override
  public void close() {
    announced.close(CLOSE_PATIENCE);
  }
}
