package io.quikqueue.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings announced jobs from Kafka to the ready queue, on a thread of its own, as one member of a
 * consumer group. Offsets are committed after the push, so a job may come twice and is never
 * skipped. Records that are no jobs go to the dead-letter topic.
 */
public final class KafkaDispatcher {

  private static final Logger log = LoggerFactory.getLogger(KafkaDispatcher.class);
  private static final Duration LEAVE_WAIT = Duration.ofSeconds(3);
  private static final long STUCK = TimeUnit.SECONDS.toNanos(60);

  private final KafkaConfig config;
  private final Dispatching dispatching;
  private final long lowWater;
  private final Clients clients;
  private final Topics topics;
  private final RetryTimer retry = new RetryTimer();
  private volatile boolean stopping;
  private volatile boolean failing;
  private volatile long lastRound;
  private boolean polled;
  private ClockRollbackDetector wallClock = new ClockRollbackDetector();
  private @Nullable Thread thread;
  private volatile @Nullable DispatchLoop loop;

  /**
   * @param lowWater the partitions of a full queue are read again when fewer of its jobs are ready
   */
  public KafkaDispatcher(KafkaConfig config, Dispatching dispatching, long lowWater) {
    this.config = config;
    this.dispatching = dispatching;
    this.lowWater = lowWater;
    this.clients = new Clients(config);
    this.topics = new Topics(config, clients);
  }

  /** Begins; does not wait for Kafka, which need not be there yet. To be called once. */
  public synchronized void start() {
    if (thread != null) {
      throw new IllegalStateException("start is called once");
    }
    lastRound = System.nanoTime();
    thread = Thread.ofPlatform().name("dispatch").start(this::run);
  }

  /**
   * Finishes the batch in hand, commits and leaves the group; gives the batch up when that takes
   * longer than this.
   */
  public synchronized void stop(Duration patience) {
    stopping = true;
    Thread running = thread;
    try {
      if (running != null && !running.join(patience)) {
        log.warn("event=dispatch_interrupted");
        running.interrupt();
        running.join(LEAVE_WAIT.multipliedBy(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clients.close();
  }

  /**
   * Why it does not get on; null when it does. Asks Kafka and waits for the answer: to a consumer
   * Kafka being away looks like no jobs.
   */
  public @Nullable String trouble() {
    if (failing || stopping || System.nanoTime() - lastRound >= STUCK) {
      return "does not get on";
    }
    if (!answers()) {
      return "Kafka does not answer";
    }
    DispatchLoop current = loop;
    return current == null ? null : current.trouble();
  }

  private boolean answers() {
    try {
      clients
          .admin()
          .describeCluster()
          .clusterId()
          .get(config.getAdminTimeout().toNanoseconds(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
      return false;
    }
  }

  private void run() {
    try {
      while (!stopping) {
        try {
          consume();
        } catch (InterruptException e) {
          return;
        } catch (RuntimeException e) {
          failing = true;
          if (retry.isNews(e)) {
            log.warn("event=consumer_stalled reason={}", Errors.of(e), Errors.unexpected(e));
          }
          retry.failed(System.nanoTime(), e);
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Consumes until it is to stop or the wall clock was set back. */
  private void consume() throws InterruptedException {
    polled = false;
    wallClock = new ClockRollbackDetector();
    makeTopics();
    Consumer<byte[], byte[]> consumer = clients.consumer();
    try {
      DispatchLoop current =
          new DispatchLoop(
              consumer,
              dispatching,
              new DeadLetters(config, clients, topics),
              new TopicIds(config, clients),
              new FullQueues(config.getPrefix(), lowWater));
      loop = current;
      current.run(pattern(), this::goOn);
    } finally {
      boolean interrupted = Thread.interrupted(); // else it would not even try to leave the group
      consumer.close(CloseOptions.timeout(LEAVE_WAIT));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean goOn() {
    lastRound = System.nanoTime();
    if (polled) {
      failing = false;
      if (retry.failing()) {
        log.info("event=consumer_recovered");
      }
      retry.succeeded();
    }
    polled = true;
    if (wallClock.noticed()) {
      log.warn("event=clock_set_back consumer=recreated");
      return false;
    }
    return !stopping;
  }

  private void makeTopics() throws InterruptedException {
    try {
      topics.ensureBasics();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("event=topics_not_created reason={}", Errors.of(e));
    }
  }

  private void pause() throws InterruptedException {
    while (!stopping && !retry.isOver(System.nanoTime())) {
      TimeUnit.NANOSECONDS.sleep(retry.left(System.nanoTime(), Duration.ofMillis(100)).toNanos());
    }
  }

  private Pattern pattern() {
    return Topics.ofAllQueues(config.getPrefix());
  }
}
