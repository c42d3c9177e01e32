package io.quikqueue.bench;

import io.quikqueue.bench.Api.Totals;
import io.quikqueue.bench.Processes.Usage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until all jobs of a queue have ended, by its counters. */
final class Drain {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Api api;
  private final Processes processes;
  private final Duration patience;

  /**
   * @param patience how long nothing may happen before the jobs count as lost
   */
  Drain(Api api, Processes processes, Duration patience) {
    this.api = api;
    this.processes = processes;
    this.patience = patience;
  }

  /**
   * How a queue was drained.
   *
   * @param first monotonic nanoseconds just before it was asked when jobs had first ended
   * @param atFirst jobs that had ended by then
   * @param last monotonic nanoseconds just after the server told that all had ended
   * @param jobs that ended in all
   * @param done of these, as they should
   * @param used by each process between first and last
   */
  record Drained(
      long first, long atFirst, long last, long jobs, long done, Map<String, Usage> used) {

    /**
     * Jobs per second between the first and the last look: of the jobs that had not ended at the
     * first look, as their time is what is measured.
     */
    double perSecond() {
      if (jobs == atFirst) {
        throw new BenchException("too few jobs to see how fast they end; raise --jobs");
      }
      return (jobs - atFirst) / ((last - first) / 1e9);
    }
  }

  /**
   * Waits until everything submitted to the queue has ended.
   *
   * @param before its counters when it was last empty
   * @param accepted jobs accepted since
   * @param quiet how long it may take until the first one ends, beyond the usual patience
   * @throws BenchException when jobs are lost
   */
  Drained await(String queue, Totals before, long accepted, Duration quiet) {
    long limit = quiet.plus(patience).toNanos();
    long progress = System.nanoTime();
    long seen = before.finished();
    long first = 0;
    long atFirst = 0;
    Map<String, Usage> usedBefore = processes.now();
    while (true) {
      long asked = System.nanoTime();
      Totals now = api.totals(queue);
      long answered = System.nanoTime();
      if (now.finished() > seen) {
        if (seen == before.finished()) {
          first = asked;
          atFirst = now.finished() - before.finished();
          usedBefore = processes.now();
        }
        seen = now.finished();
        progress = answered;
        limit = patience.toNanos();
      }
      long ended = now.finished() - before.finished();
      if (ended >= accepted && now.finished() >= now.submitted()) {
        long done = now.done() - before.done();
        return new Drained(first, atFirst, answered, ended, done, processes.since(usedBefore));
      }
      if (answered - progress > limit) {
        throw new BenchException(
            "lost jobs: of %d accepted into %s only %d have ended, and none for %d s"
                .formatted(accepted, queue, ended, TimeUnit.NANOSECONDS.toSeconds(limit)));
      }
      LockSupport.parkNanos(asked + POLL_NANOS - System.nanoTime());
    }
  }
}
