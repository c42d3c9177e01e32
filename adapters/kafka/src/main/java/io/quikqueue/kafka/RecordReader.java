package io.quikqueue.kafka;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.StreamRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of jobs: the value is the body, and a header has the envelope, so that the body
 * need not be opened. Records of versions that wrote no envelope have only the body.
 */
final class RecordReader {

  /** The name of the header, which stands in every record. */
  static final String ENVELOPE = "qq";

  private RecordReader() {}

  /**
   * Reads a record.
   *
   * @param partition the identity of its partition
   * @throws UnreadableMessageException when it is no job
   */
  static StreamRecord read(ConsumerRecord<byte[], byte[]> record, String partition)
      throws UnreadableMessageException {
    byte[] body = record.value();
    if (body == null) {
      throw new UnreadableMessageException("no value");
    }
    Header header = record.headers().lastHeader(ENVELOPE);
    Envelope envelope =
        header == null ? Envelope.of(JobBody.read(body)) : envelope(header.value(), body);
    return new StreamRecord(envelope, body, new StreamRecord.Position(partition, record.offset()));
  }

  private static Envelope envelope(byte @Nullable [] bytes, byte[] body)
      throws UnreadableMessageException {
    if (bytes == null) {
      throw new UnreadableMessageException("a header " + ENVELOPE + " without a value");
    }
    Envelope envelope = Envelope.read(bytes);
    AttemptId inside = JobBody.attempt(body);
    if (!envelope.attempt().equals(inside)) {
      throw new UnreadableMessageException(
          "the envelope of " + envelope.attempt() + " around the body of " + inside);
    }
    return envelope;
  }
}
