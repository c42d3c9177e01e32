package io.quikqueue.domain.usecase.dead;

import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.DeadJobStream;
import io.quikqueue.domain.port.DeadOutbox;
import java.util.List;

/**
 * Publishes jobs that FAILED, each at least once: what was published and not yet forgotten when its
 * process ended is published again. It is called by the process that leads.
 */
public final class PublishDead {

  private static final int BATCH = 500;

  private final DeadOutbox outbox;
  private final DeadJobStream stream;

  public PublishDead(DeadOutbox outbox, DeadJobStream stream) {
    this.outbox = outbox;
    this.stream = stream;
  }

  /**
   * Publishes one batch, oldest job first.
   *
   * @return whether there may be more
   * @throws io.quikqueue.domain.port.UnavailableException when the stream or the store cannot be
   *     reached
   */
  public boolean publish() {
    List<DeadJob> dead = outbox.unpublished(BATCH);
    if (dead.isEmpty()) {
      return false;
    }
    stream.publish(dead);
    outbox.forget(dead.stream().map(DeadJob::attempt).toList());
    return dead.size() == BATCH;
  }
}
