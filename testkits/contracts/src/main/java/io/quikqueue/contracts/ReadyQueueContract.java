package io.quikqueue.contracts;

import static java.time.Duration.ZERO;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.QueueRoom;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the contracts of {@link ReadyQueue} share: an empty one, and ways to use it. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ReadyQueueContract {

  /** Long enough not to expire within a test, unless the test lets it pass. */
  static final Duration LONG = Duration.ofMinutes(5);

  /** Short enough to wait for on a real clock. */
  static final Duration SHORT = Duration.ofSeconds(1);

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  static final Set<String> ALL = Set.of();

  final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(7));
  ReadyQueue queue;

  /** What is tested. */
  protected abstract ReadyQueueFixture fixture();

  final void letPass(Duration duration) {
    fixture().letPass(duration);
  }

  /** Whether more real time has passed than SHORT, so that what lasts as long may be over. */
  static boolean isLate(long sinceNanos) {
    return isOver(sinceNanos, SHORT);
  }

  /** Whether so much real time has passed. */
  static boolean isOver(long sinceNanos, Duration time) {
    return System.nanoTime() - sinceNanos >= time.toNanos();
  }

  final Duration memory() {
    return fixture().memory();
  }

  @BeforeEach
  void startEmpty() throws Exception {
    queue = fixture().empty();
  }

  Map<String, Long> push(Job... messages) {
    return push(List.of(messages));
  }

  Map<String, Long> push(List<Job> messages) {
    return queue.push(messages);
  }

  List<Job> take(String worker, int limit) throws InterruptedException {
    return queue.take(TakeRequest.ofAllTypes(worker, ALL, limit, LONG, ZERO));
  }

  List<Job> take(TakeRequest request) throws InterruptedException {
    return queue.take(request);
  }

  List<Job> takeTypes(Set<String> types, int limit) throws InterruptedException {
    return take(new TakeRequest("w", ALL, types, limit, QueueRoom.UNLIMITED, LONG, ZERO));
  }

  Future<List<Job>> waitingTake(ExecutorService threads, Collection<String> queues) {
    return waitingTake(threads, TakeRequest.ofAllTypes("w", queues, 10, LONG, LONG));
  }

  Future<List<Job>> waitingTake(ExecutorService threads, TakeRequest request) {
    AtomicReference<Thread> taker = new AtomicReference<>();
    Future<List<Job>> taken =
        threads.submit(
            () -> {
              taker.set(Thread.currentThread());
              return queue.take(request);
            });
    await()
        .until(
            () -> {
              Thread thread = taker.get();
              return taken.isDone()
                  || thread != null && thread.getState() == Thread.State.TIMED_WAITING;
            });
    return taken;
  }

  List<Job> messages(String queueName, int count) {
    return IntStream.range(0, count).mapToObj(_ -> message(queueName, 5)).toList();
  }

  Job message(String queueName, int priority) {
    return message(queueName, priority, "{\"n\":1}");
  }

  Job message(String queueName, String type, int priority) {
    return message(type, queueName, priority, "{}");
  }

  Job message(String queueName, int priority, String payload) {
    return message("echo", queueName, priority, payload);
  }

  Job message(String type, String queueName, int priority, String payload) {
    JobSpec spec = JobSpec.builder(type, payload).queue(queueName).priority(priority).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  /** The next attempt of the job. */
  static Job later(Job message) {
    return message.rescue(NOW).after();
  }

  Set<AttemptId> extend(String worker, List<Job> running, Duration lease) {
    return queue.extend(worker, running.stream().map(Envelope::of).toList(), lease);
  }

  static AttemptId id(Job message) {
    return message.attemptId();
  }

  static List<AttemptId> ids(List<Job> messages) {
    return messages.stream().map(ReadyQueueContract::id).toList();
  }
}
