package io.quikqueue.runtime;

import io.dropwizard.lifecycle.Managed;
import io.quikqueue.domain.batch.Backoff;
import io.quikqueue.domain.batch.Outage;
import io.quikqueue.domain.port.UnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one step again and again on a thread of its own, from start to stop of the process. While a
 * server is away it waits longer and longer.
 */
public final class Loop implements Managed {

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  /** One step. */
  @FunctionalInterface
  public interface Step {

    /**
     * Does a bounded piece of work.
     *
     * @return how long to wait before the next step
     * @throws UnavailableException when a server is away; the step is repeated later
     */
    Duration run();
  }

  private final String name;
  private final Step step;
  private final Outage outage;
  private final Thread thread;
  private volatile boolean stopped;

  public Loop(String name, Step step) {
    this.name = name;
    this.step = step;
    this.outage = new Outage(name);
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::work);
  }

  /** A loop whose step says whether there may be more to do at once. */
  public static Loop draining(
      String name, Duration interval, java.util.function.BooleanSupplier more) {
    return new Loop(name, () -> more.getAsBoolean() ? Duration.ZERO : interval);
  }

  @Override
  public void start() {
    thread.start();
  }

  /** Does the next step now. */
  public void nudge() {
    LockSupport.unpark(thread);
  }

  @Override
  public void stop() throws InterruptedException {
    stopped = true;
    LockSupport.unpark(thread);
    thread.join(STOP_PATIENCE);
  }

  private void work() {
    Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    while (!stopped) {
      Duration wait;
      try {
        wait = step.run();
        outage.recovered();
        backoff.reset();
      } catch (UnavailableException e) {
        outage.stalled(e);
        wait = backoff.next();
      } catch (RuntimeException e) {
        LOG.error("event=loop_error loop={}", name, e);
        wait = LONGEST_PAUSE;
      }
      if (!stopped && wait.isPositive()) {
        LockSupport.parkNanos(this, wait.toNanos());
      }
    }
  }
}
