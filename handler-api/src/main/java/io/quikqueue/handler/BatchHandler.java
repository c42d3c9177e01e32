package io.quikqueue.handler;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs of one type several at a time, for work that is cheaper that way: rows that go into one
 * statement, messages that go into one request. It is registered as any {@link Handler} is.
 *
 * <p>Each job keeps what is its own: its attempt and lease, its timeout, its slot and place under
 * the limits, its cancellation, and its end. A batch is called when it is full, or when its first
 * job has waited for {@link #batchWait()}, with as many jobs as have come by then.
 *
 * @param <P> the payload, as a rule a record
 */
public interface BatchHandler<P> extends Handler<P> {

  /**
   * The most jobs of a batch, 1 to 1,000; asked once. A worker has no more of them at a time than
   * it has slots for one queue.
   */
  int batchSize();

  /**
   * How long the first job waits for others, 1 ms to 1 min; asked once. It is part of the job's
   * timeout.
   */
  Duration batchWait();

  /**
   * Whether all jobs of a batch are of one group; asked once. They always are of one queue. Jobs
   * without a group are one group.
   */
  default boolean batchByGroup() {
    return false;
  }

  /**
   * Runs some jobs. Each has to be completed or failed; a job that is neither when this returns has
   * failed, and so has it when this throws. Those that were completed stay so.
   *
   * <p>A job that is cancelled or takes too long is over at once, and the rest goes on: see {@link
   * HandlerContext#cancelled()}. An interrupt says that all of them are over.
   *
   * @param jobs at least one, unmodifiable; all on the calling thread, and safe for use by others
   * @throws PermanentFailure when another attempt at those that are not over would be pointless
   * @throws Exception any other: their attempts failed, and each job's retry policy decides
   */
  void handleBatch(List<BatchJob<P>> jobs) throws Exception;

  /** Not called: jobs of this type come in batches, if need be of one. */
  @Override
  default @Nullable Object handle(P payload, HandlerContext context) {
    throw new UnsupportedOperationException("jobs of type " + type() + " come in batches");
  }
}
