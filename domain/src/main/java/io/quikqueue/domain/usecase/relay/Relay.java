package io.quikqueue.domain.usecase.relay;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.Outbox;
import io.quikqueue.domain.usecase.announce.Announce;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Announces what a process committed and did not announce: it died, or the stream was away. One
 * relay is active.
 */
public final class Relay {

  private static final int BATCH = 500;

  /** A batch with so many characters may be one that was cut short. */
  private static final int LARGE = 1 << 20;

  private final Outbox outbox;
  private final Announce announce;
  private final InstantSource clock;
  private final Duration grace;
  private final Meter meter;

  /**
   * @param clock the store's clock
   * @param grace how long a row is left to the process that wrote it
   */
  public Relay(Outbox outbox, Announce announce, InstantSource clock, Duration grace, Meter meter) {
    this.outbox = outbox;
    this.announce = announce;
    this.clock = clock;
    this.grace = grace;
    this.meter = meter;
  }

  /**
   * Announces one batch of what was left behind, oldest first.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the stream or the store cannot be
   *     reached
   */
  public boolean relay() {
    List<Job> left = outbox.pending(clock.instant().minus(grace), BATCH);
    if (left.isEmpty()) {
      return false;
    }
    announce.announce(left);
    meter.relayed(left.size());
    long chars = left.stream().mapToLong(Job::chars).sum();
    return left.size() == BATCH || chars >= LARGE;
  }
}
