package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.Announced;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream in memory, of one partition: jobs go through their binary form as on a real one. Can be
 * made unavailable. Safe for use by several threads.
 */
public final class InMemoryJobStream implements JobStream {

  private final List<byte[]> records = new ArrayList<>();
  private int next;
  private boolean available = true;

  @Override
  public synchronized void announce(List<Job> jobs) {
    requireAvailable();
    records.addAll(jobs.stream().map(job -> JobMessage.of(job).bytes()).toList());
  }

  @Override
  public synchronized long lag() {
    requireAvailable();
    return records.size() - next;
  }

  /** What was announced and not polled yet, oldest first. */
  public synchronized List<Announced> poll(int limit) {
    requireAvailable();
    List<Announced> batch = new ArrayList<>();
    while (next < records.size() && batch.size() < limit) {
      batch.add(read(next++));
    }
    return batch;
  }

  /** Makes every method throw {@link UnavailableException}, or work again. */
  public synchronized void setAvailable(boolean available) {
    this.available = available;
  }

  private Announced read(int offset) {
    try {
      return new Announced(
          JobMessage.parse(records.get(offset)), new Announced.Position("memory-0", offset));
    } catch (UnreadableMessageException e) {
      throw new IllegalStateException("a job does not survive its binary form", e);
    }
  }

  private void requireAvailable() {
    if (!available) {
      throw new UnavailableException("stream", "switched off");
    }
  }
}
