package io.quikqueue.kafka;

import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.UnreadableMessageException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

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
   * @throws UnreadableMessageException when it is no job
   */
  static JobMessage read(ConsumerRecord<byte[], byte[]> record) throws UnreadableMessageException {
    byte[] body = record.value();
    if (body == null) {
      throw new UnreadableMessageException("no value");
    }
    Header header = record.headers().lastHeader(ENVELOPE);
    if (header == null) {
      return JobMessage.parse(body);
    }
    byte[] envelope = header.value();
    if (envelope == null) {
      throw new UnreadableMessageException("a header " + ENVELOPE + " without a value");
    }
    return JobMessage.closed(envelope, body);
  }
}
