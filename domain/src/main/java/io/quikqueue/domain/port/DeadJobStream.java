package io.quikqueue.domain.port;

import java.util.List;

/** Tells others of jobs that FAILED. */
public interface DeadJobStream {

  /**
   * Publishes them, in order by job; durable when this returns. Some may be there although it
   * throws.
   *
   * @param jobs at most 1,000
   * @throws UnavailableException when the stream cannot be reached
   */
  void publish(List<DeadJob> jobs);
}
