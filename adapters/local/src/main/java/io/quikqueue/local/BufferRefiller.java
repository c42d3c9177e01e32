package io.quikqueue.local;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.ActiveJobs;
import io.quikqueue.domain.port.BacklogQuery;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from the store what the buffers have room for, a page at a time, each queue in turn. */
final class BufferRefiller {

  private static final Logger log = LoggerFactory.getLogger(BufferRefiller.class);
  private static final long FIRST_WAIT = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(2);

  private final LocalReadyQueue ready;
  private final ActiveJobs store;

  BufferRefiller(LocalReadyQueue ready, ActiveJobs store) {
    this.ready = ready;
    this.store = store;
  }

  void run() {
    long wait = FIRST_WAIT;
    try {
      for (Backlog.Read read = ready.nextRead(); read != null; read = ready.nextRead()) {
        try {
          List<Job> page =
              store.backlog(
                  new BacklogQuery(
                      read.of().buffer.queue, read.types(), read.of().group, read.except()),
                  read.after(),
                  read.limit());
          ready.filled(read, page);
          wait = FIRST_WAIT;
        } catch (RuntimeException e) {
          // Whatever it is, giving up would strand every job that waits in the store.
          if (wait == FIRST_WAIT) {
            log.warn("event=refill_failed queue={}", read.of().buffer.queue, e);
          }
          ready.retry(read, wait);
          wait = Math.min(2 * wait, LONGEST_WAIT);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
