package io.quikqueue.domain.port;

import io.quikqueue.domain.job.Envelope;

/**
 * A job that came out of a stream.
 *
 * @param body a {@link io.quikqueue.domain.job.JobBody}, which need not have been opened; not to be
 *     changed
 * @param position where it stood there
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record StreamRecord(Envelope envelope, byte[] body, Position position) {

  /**
   * A place in the stream.
   *
   * @param partition its identity, which changes when the partition is deleted and recreated
   * @param offset rises within a partition
   */
  public record Position(String partition, long offset) {}
}
