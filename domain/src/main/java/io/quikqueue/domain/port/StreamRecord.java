package io.quikqueue.domain.port;

import io.quikqueue.domain.job.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * A job that came out of the stream.
 *
 * @param position where it stood there; null when it came another way
 */
public record StreamRecord(JobMessage message, @Nullable Position position) {

  /**
   * A place in the stream.
   *
   * @param partition its identity, which changes when the partition is deleted and recreated
   * @param offset rises within a partition
   */
  public record Position(String partition, long offset) {}
}
