package io.quikqueue.kafka;

import io.quikqueue.domain.port.StreamRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one consumer: polls, dispatches, then commits, under load five times a second: after
 * each small batch it took 18 % of this thread's time, and the ready queue knows what it has. A
 * batch that cannot be dispatched is kept while all partitions are paused, so that polling keeps
 * the membership of the group; a full queue pauses its own partitions only. Everything happens on
 * the thread that calls {@link #run}.
 */
final class DispatchLoop implements ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(DispatchLoop.class);
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration PAUSED_WAIT = Duration.ofMillis(10);
  private static final Duration COMMIT_WAIT = Duration.ofSeconds(5);
  private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long COMMIT_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int LARGEST_PUSH = 1000;

  private final Consumer<byte[], byte[]> consumer;
  private final Dispatching dispatching;
  private final DeadLetters deadLetters;
  private final TopicIds ids;
  private final FullQueues full;
  private final Batch held = new Batch();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
  private final RetryTimer retry = new RetryTimer();
  private long nextLook;
  private long nextCommit;
  private @Nullable String commitFailure;
  private volatile @Nullable String trouble;

  DispatchLoop(
      Consumer<byte[], byte[]> consumer,
      Dispatching dispatching,
      DeadLetters deadLetters,
      TopicIds ids,
      FullQueues full) {
    this.consumer = consumer;
    this.dispatching = dispatching;
    this.deadLetters = deadLetters;
    this.ids = ids;
    this.full = full;
  }

  /**
   * Runs until told to stop, then finishes the batch in hand if it can.
   *
   * @param goOn asked between batches and at least every few seconds
   * @throws KafkaException when this consumer cannot go on
   */
  void run(Pattern topics, BooleanSupplier goOn) throws InterruptedException {
    consumer.subscribe(topics, this);
    while (goOn.getAsBoolean()) {
      held.add(poll());
      if (!held.isEmpty() && retry.isOver(System.nanoTime())) {
        dispatch();
      }
      if (!uncommitted.isEmpty() && System.nanoTime() - nextCommit >= 0) {
        commit(uncommitted.keySet());
      }
      look();
    }
    if (!held.isEmpty()) {
      dispatch();
    }
    if (!uncommitted.isEmpty()) {
      commit(uncommitted.keySet());
    }
  }

  /**
   * While partitions are paused and records of them are in its buffer, Kafka's consumer spends the
   * whole wait of a poll looking at that buffer again and again, half a core of it. So the waiting
   * is done here then.
   */
  private ConsumerRecords<byte[], byte[]> poll() {
    if (consumer.paused().isEmpty()) {
      return consumer.poll(pollWait(System.nanoTime()));
    }
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ZERO);
    if (polled.isEmpty()) {
      LockSupport.parkNanos(PAUSED_WAIT.toNanos());
    }
    return polled;
  }

  private Duration pollWait(long now) {
    if (uncommitted.isEmpty()) {
      return IDLE;
    }
    long untilCommit = Math.clamp(nextCommit - now, 0, IDLE.toNanos());
    return Duration.ofNanos(untilCommit);
  }

  private void dispatch() throws InterruptedException {
    try {
      while (!held.isEmpty()) {
        Batch.Part part = held.first(LARGEST_PUSH);
        ids.resolve(held.topics());
        List<DeadLetters.Unreadable> unreadable = new ArrayList<>();
        List<StreamRecord> jobs = part.jobs(ids, unreadable);
        if (!jobs.isEmpty()) {
          full.add(dispatching.dispatch(jobs));
        }
        if (!unreadable.isEmpty()) { // last, because it is not done over without leaving a trace
          deadLetters.send(unreadable);
          log.warn("event=unreadable_records_to_dead_letter records={}", unreadable.size());
        }
        held.done(part);
        uncommitted.putAll(part.next());
      }
      if (retry.failing()) {
        log.info("event=dispatch_recovered");
      }
      retry.succeeded();
      trouble = null;
    } catch (InterruptException e) {
      throw e;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      // Whatever it is, going on without these records would lose jobs.
      if (retry.isNews(e)) {
        log.warn("event=dispatch_stalled reason={}", Errors.of(e), Errors.unexpected(e));
      }
      retry.failed(System.nanoTime(), e);
      trouble = e.getMessage();
    }
    pauseAndResume();
  }

  /** Why the records in hand cannot be dispatched now; null when they can. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Looks, while queues are full, whether they have room again. */
  private void look() {
    if (full.isEmpty() || System.nanoTime() - nextLook < 0) {
      return;
    }
    try {
      full.drain(dispatching.depth());
    } catch (RuntimeException e) {
      log.debug("event=depth_unknown", e); // they stay paused; a push will say it louder
    }
    nextLook = System.nanoTime() + LOOK_EVERY;
    pauseAndResume();
  }

  private void pauseAndResume() {
    Set<TopicPartition> paused = consumer.paused();
    Set<TopicPartition> pause = new HashSet<>();
    Set<TopicPartition> resume = new HashSet<>();
    for (TopicPartition partition : consumer.assignment()) {
      boolean wait = !held.isEmpty() || full.holds(partition.topic());
      if (wait != paused.contains(partition)) {
        (wait ? pause : resume).add(partition);
      }
    }
    if (!pause.isEmpty()) {
      consumer.pause(pause);
    }
    if (!resume.isEmpty()) {
      consumer.resume(resume);
    }
  }

  /**
   * Commits what was dispatched of these partitions; if that fails, the next commit includes it.
   */
  private void commit(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(uncommitted);
    offsets.keySet().retainAll(partitions);
    offsets.keySet().retainAll(consumer.assignment());
    try {
      if (!offsets.isEmpty()) {
        consumer.commitSync(offsets, COMMIT_WAIT);
      }
      uncommitted.keySet().removeAll(List.copyOf(partitions));
      commitFailure = null;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      if (!Errors.of(e).equals(commitFailure)) {
        log.warn("event=commit_failed reason={}", Errors.of(e));
      }
      commitFailure = Errors.of(e);
    }
    nextCommit = System.nanoTime() + COMMIT_EVERY;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    ids.forget(partitions);
    pauseAndResume();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (!uncommitted.isEmpty()) {
      commit(partitions);
    }
    onPartitionsLost(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    held.drop(partitions);
    if (held.isEmpty()) {
      trouble = null;
    }
    uncommitted.keySet().removeAll(partitions);
    ids.forget(partitions);
  }
}
