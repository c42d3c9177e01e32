package io.quikqueue.local;

import io.quikqueue.contracts.ReadyQueueRebuildContract;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.ExpiredLease;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.ReadyQueueRebuild;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A local ready queue is wiped by ending its process: the test goes on with a new one. */
final class LocalReadyQueueRebuildContractTest extends ReadyQueueRebuildContract {

  private final AtomicLong nanos = new AtomicLong();
  private final OfThisProcess process = new OfThisProcess();

  @Override
  protected ReadyQueue empty() {
    wipe();
    return process;
  }

  @Override
  protected ReadyQueueRebuild rebuildOf(ReadyQueue empty) {
    return process;
  }

  @Override
  protected void wipe() {
    StoredJobs store = new StoredJobs();
    process.queue = new LocalReadyQueue(store, store, new LocalConfig(), nanos::get);
  }

  @Override
  protected void letPass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private static final class OfThisProcess implements ReadyQueue, ReadyQueueRebuild {

    private volatile LocalReadyQueue queue;

    @Override
    public Map<String, Long> push(List<Job> jobs) {
      return queue.push(jobs);
    }

    @Override
    public List<Job> take(TakeRequest request) throws InterruptedException {
      return queue.take(request);
    }

    @Override
    public Set<AttemptId> extend(String worker, Collection<Envelope> running, Duration lease) {
      return queue.extend(worker, running, lease);
    }

    @Override
    public void ack(Collection<AttemptId> finished) {
      queue.ack(finished);
    }

    @Override
    public void release(String worker, Collection<Job> unfinished) {
      queue.release(worker, unfinished);
    }

    @Override
    public List<ExpiredLease> reclaimExpired(String rescuer, int limit, Duration lease) {
      return queue.reclaimExpired(rescuer, limit, lease);
    }

    @Override
    public Map<String, Long> depth() {
      return queue.depth();
    }

    @Override
    public boolean blank() {
      return queue.blank();
    }

    @Override
    public void markRebuilt(Duration unheard) {
      queue.markRebuilt(unheard);
    }

    @Override
    public Set<AttemptId> unknown(Collection<AttemptId> attempts) {
      return queue.unknown(attempts);
    }

    @Override
    public void assumeLeased(List<Envelope> running, Duration lease) {
      queue.assumeLeased(running, lease);
    }
  }
}
