package io.quikqueue.contracts;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream in memory, of one partition: jobs go through their binary form as on a real one. Can be
 * made unavailable. Safe for use by several threads.
 */
public final class InMemoryJobStream implements JobStream {

  private final List<StreamRecord> records = new ArrayList<>();
  private int next;
  private boolean available = true;

  @Override
  public synchronized void announce(List<Job> jobs) {
    requireAvailable();
    List<StreamRecord> batch = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      batch.add(StreamRecords.of(job, "memory-0", records.size() + batch.size()));
    }
    records.addAll(batch);
  }

  @Override
  public synchronized Map<String, Progress> progress() {
    requireAvailable();
    Map<String, Progress> progress = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      String queue = records.get(i).envelope().queue();
      progress.merge(queue, new Progress(1, i < next ? 1 : 0), Progress::plus);
    }
    return progress;
  }

  /** What was announced and not polled yet, oldest first. */
  public synchronized List<StreamRecord> poll(int limit) {
    requireAvailable();
    List<StreamRecord> batch = new ArrayList<>();
    while (next < records.size() && batch.size() < limit) {
      batch.add(records.get(next++));
    }
    return batch;
  }

  /** Makes every method throw {@link UnavailableException}, or work again. */
  public synchronized void setAvailable(boolean available) {
    this.available = available;
  }

  private void requireAvailable() {
    if (!available) {
      throw new UnavailableException("stream", "switched off");
    }
  }
}
