package io.quikqueue.redis;

import io.quikqueue.domain.batch.Backoff;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Connection;

/**
 * Wakes takers when a lane that was empty has jobs again: one subscription for all of them, made
 * when the first one waits and recreated, with backoff, whenever it breaks.
 */
final class Wakeups implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Wakeups.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final Redis redis;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;
  private volatile @Nullable Connection connection;

  /** Whether the loss of the subscription was logged; used by its thread only. */
  private boolean lost;

  Wakeups(Redis redis) {
    this.redis = redis;
  }

  /**
   * A taker that is going to wait for jobs of these types in these queues (none = all); it must
   * close it.
   */
  Waiter waiter(Set<String> queues, Set<String> types) {
    subscribeOnce();
    Waiter waiter = new Waiter(queues, types);
    waiters.add(waiter);
    return waiter;
  }

  /** Hears every wake-up since it was made, also those that came while it was not waiting. */
  final class Waiter implements AutoCloseable {

    private final Set<String> queues;
    private final Set<String> types;
    private final Semaphore woken = new Semaphore(0);

    private Waiter(Set<String> queues, Set<String> types) {
      this.queues = queues;
      this.types = types;
    }

    /** Returns when a queue may have jobs again, or after this time. */
    void await(Duration atMost) throws InterruptedException {
      if (woken.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        woken.drainPermits();
      }
    }

    private void wake() {
      woken.release();
    }

    private boolean waitsFor(String lane) {
      int slash = lane.indexOf('/');
      return slash < 0
          || ((queues.isEmpty() || queues.contains(lane.substring(0, slash)))
              && (types.isEmpty() || types.contains(lane.substring(slash + 1))));
    }

    @Override
    public void close() {
      waiters.remove(this);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    Thread subscriber;
    synchronized (this) {
      subscriber = thread;
    }
    waiters.forEach(Waiter::wake);
    disconnect();
    if (subscriber != null) {
      try {
        subscriber.join(CLOSE_WAIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void subscribeOnce() {
    if (thread == null && closed.getCount() > 0) {
      thread = Thread.ofPlatform().daemon().name("ready-queue-wakeups").start(this::listen);
    }
  }

  private void listen() {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    try {
      do {
        if (listenOnce()) {
          backoff.reset();
        }
      } while (!closed.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      log.debug("event=wakeups_interrupted"); // nobody but a JVM on its way out interrupts it
    }
  }

  /** Listens until the connection breaks; returns whether it was subscribed at all. */
  private boolean listenOnce() {
    Subscription subscription = new Subscription();
    try (Connection fresh = redis.subscriber()) {
      connection = fresh;
      if (closed.getCount() > 0) {
        subscription.proceed(fresh, redis.key("wake"));
      }
    } catch (RuntimeException e) { // also what Jedis makes of an answer that is none
      boolean expected = closed.getCount() == 0 || e.getCause() instanceof SocketTimeoutException;
      if (!lost && !expected) {
        lost = true;
        log.warn("event=wakeups_lost reason=\"{}\"", e.toString());
      }
    } finally {
      connection = null;
    }
    return subscription.heard;
  }

  private void disconnect() {
    Connection current = connection;
    if (current != null) {
      try {
        current.forceDisconnect();
      } catch (IOException e) {
        log.debug("event=wakeups_disconnect_failed", e);
      }
    }
  }

  private final class Subscription extends BinaryJedisPubSub {

    private boolean heard;

    /** Wakes everyone: what was published before is lost. */
    @Override
    public void onSubscribe(byte[] channel, int subscribedChannels) {
      heard = true;
      if (lost) {
        lost = false;
        log.info("event=wakeups_restored");
      }
      waiters.forEach(Waiter::wake);
    }

    /** The message names the lanes, each queue/type, separated by spaces. */
    @Override
    public void onMessage(byte[] channel, byte[] message) {
      List<String> lanes =
          Arrays.asList(new String(message, StandardCharsets.UTF_8).split(" ", -1));
      for (Waiter waiter : waiters) {
        if (lanes.stream().anyMatch(waiter::waitsFor)) {
          waiter.wake();
        }
      }
    }
  }
}
