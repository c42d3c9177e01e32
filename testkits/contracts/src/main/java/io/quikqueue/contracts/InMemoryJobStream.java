package io.quikqueue.contracts;

import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.UnreadableMessageException;
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

  private final List<Written> records = new ArrayList<>();
  private int next;
  private boolean available = true;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Written(byte[] envelope, byte[] body) {}

  @Override
  public synchronized void announce(List<Job> jobs) {
    requireAvailable();
    records.addAll(
        jobs.stream()
            .map(job -> new Written(Envelope.of(job).bytes(), JobBody.write(job)))
            .toList());
  }

  @Override
  public synchronized Map<String, Progress> progress() {
    requireAvailable();
    Map<String, Progress> progress = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      String queue = read(i).message().envelope().queue();
      progress.merge(queue, new Progress(1, i < next ? 1 : 0), Progress::plus);
    }
    return progress;
  }

  /** What was announced and not polled yet, oldest first. */
  public synchronized List<StreamRecord> poll(int limit) {
    requireAvailable();
    List<StreamRecord> batch = new ArrayList<>();
    while (next < records.size() && batch.size() < limit) {
      batch.add(read(next++));
    }
    return batch;
  }

  /** Makes every method throw {@link UnavailableException}, or work again. */
  public synchronized void setAvailable(boolean available) {
    this.available = available;
  }

  private StreamRecord read(int offset) {
    Written record = records.get(offset);
    try {
      return new StreamRecord(
          JobMessage.closed(record.envelope(), record.body()),
          new StreamRecord.Position("memory-0", offset));
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
