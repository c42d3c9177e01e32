package io.quikqueue.domain.usecase.announce;

import io.quikqueue.domain.batch.BatchLoop;
import io.quikqueue.domain.batch.BatchLoop.BatchSize;
import io.quikqueue.domain.batch.BatchPacer;
import io.quikqueue.domain.batch.Outage;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Announces from memory what this process has just committed, so that the healthy path needs no
 * SELECT. What it cannot announce it lets go of: the outbox rows stay, and the relay takes them.
 * Under load it announces at most 100 times a second, and deletes the outbox rows in the
 * background, ten times a second: the database then spends about a fifth less processor time on a
 * job that is submitted alone.
 */
public final class Announcer implements Consumer<List<Job>>, AutoCloseable {

  private static final int CAPACITY = 20_000;
  private static final int MAX_BATCH = 500;
  private static final long MAX_CHARS = 32L << 20;
  private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

  private final AtomicLong waitingChars = new AtomicLong();
  private final Announce announce;
  private final OutboxCleaner cleaner;
  private final BatchLoop<Job> waiting;
  private final Outage outage = new Outage("announce");

  public Announcer(Announce announce) {
    this.announce = announce;
    this.cleaner = new OutboxCleaner(announce);
    this.waiting =
        new BatchLoop<>(
            "announce",
            CAPACITY,
            new BatchSize(MAX_BATCH, MAX_BATCH),
            new BatchPacer(MIN_INTERVAL),
            this::announce);
  }

  /** Hands jobs over without waiting; those that find no room are left to the relay. */
  @Override
  public void accept(List<Job> committed) {
    for (Job job : committed) {
      if (waitingChars.get() > MAX_CHARS || !waiting.offer(job)) {
        return;
      }
      waitingChars.addAndGet(job.chars());
    }
  }

  /** Announces what waits, deletes the outbox rows of it, and stops. */
  @Override
  public void close() {
    waiting.close(CLOSE_PATIENCE);
    cleaner.close();
  }

  private void announce(List<Job> batch) {
    waitingChars.addAndGet(-chars(batch));
    try {
      announce.publish(batch);
      cleaner.add(batch);
      outage.recovered();
    } catch (UnavailableException e) {
      outage.stalled(e);
      // Each of those waiting would wait for the same time-out; the relay has them.
      waitingChars.addAndGet(-chars(waiting.drop()));
    }
  }

  private static long chars(List<Job> jobs) {
    return jobs.stream().mapToLong(Job::chars).sum();
  }
}
