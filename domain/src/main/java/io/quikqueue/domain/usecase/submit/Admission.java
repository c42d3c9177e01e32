package io.quikqueue.domain.usecase.submit;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.QueueFigures;
import io.quikqueue.domain.port.Queues;
import io.quikqueue.domain.port.Workers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Lets in only jobs that somebody can run: of a configured type, or one that a worker has ever
 * offered. Also bounds the number of queues, and how long a job may hold a slot. What it knows it
 * keeps in memory; it asks the store at most once a second, and only when it meets something new.
 */
public final class Admission {

  private static final int MAX_QUEUES = 1_000;
  private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final Workers workers;
  private final Queues queues;
  private final Duration longestTimeout;
  private final LongSupplier nanos;
  private final Set<String> knownTypes = ConcurrentHashMap.newKeySet();
  private final Set<String> knownQueues = ConcurrentHashMap.newKeySet();
  private long typesRead;
  private long queuesRead;

  /**
   * @param types the types known from configuration
   * @param longestTimeout the longest that one attempt of a job may run
   * @param nanos monotonic time
   */
  public Admission(
      Workers workers,
      Queues queues,
      Set<String> types,
      Duration longestTimeout,
      LongSupplier nanos) {
    this.workers = workers;
    this.queues = queues;
    this.longestTimeout = longestTimeout;
    this.nanos = nanos;
    this.knownTypes.addAll(types);
    this.knownQueues.add(JobSpec.DEFAULT_QUEUE);
    this.typesRead = nanos.getAsLong() - REFRESH_NANOS;
    this.queuesRead = typesRead;
  }

  /**
   * Checks a job that a client wants to submit.
   *
   * @throws InvalidFieldException when nobody can run its type, its timeout is too long, or there
   *     are too many queues for a new one
   * @throws io.quikqueue.domain.port.UnavailableException when the store has to be asked and cannot
   *     be reached
   */
  public void check(JobSpec spec) {
    if (spec.policy().timeout().compareTo(longestTimeout) > 0) {
      throw new InvalidFieldException(
          "timeout",
          "must be at most " + longestTimeout.toSeconds() + " s here (setting rest.maxTimeout)");
    }
    if (!knownTypes.contains(spec.type())) {
      requireType(spec.type());
    }
    if (!knownQueues.contains(spec.queue())) {
      requireRoom(spec.queue());
    }
  }

  private synchronized void requireType(String type) {
    if (nanos.getAsLong() - typesRead >= REFRESH_NANOS) {
      knownTypes.addAll(workers.types());
      typesRead = nanos.getAsLong();
    }
    if (!knownTypes.contains(type)) {
      throw new InvalidFieldException(
          "type", "no worker knows \"" + type + "\"; known are " + new TreeSet<>(knownTypes));
    }
  }

  private synchronized void requireRoom(String queue) {
    if (nanos.getAsLong() - queuesRead >= REFRESH_NANOS) {
      queues.all().stream().map(QueueFigures::queue).forEach(knownQueues::add);
      queuesRead = nanos.getAsLong();
    }
    if (knownQueues.size() >= MAX_QUEUES && !knownQueues.contains(queue)) {
      throw new InvalidFieldException("queue", "there are " + MAX_QUEUES + " queues already");
    }
    knownQueues.add(queue);
  }
}
