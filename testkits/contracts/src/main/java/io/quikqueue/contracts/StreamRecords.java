package io.quikqueue.contracts;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.StreamRecord;
import java.util.List;

/** Records of streams, for tests. */
public final class StreamRecords {

  private StreamRecords() {}

  /** A job that went through its binary forms, as on a real stream. */
  public static StreamRecord of(Job job, String partition, long offset) {
    try {
      return new StreamRecord(
          Envelope.read(Envelope.of(job).bytes()),
          JobBody.write(job),
          new StreamRecord.Position(partition, offset));
    } catch (UnreadableMessageException e) {
      throw new IllegalStateException("an envelope does not survive its binary form", e);
    }
  }

  /** The job in a record. */
  public static Job job(StreamRecord record) {
    try {
      return JobBody.read(record.body());
    } catch (UnreadableMessageException e) {
      throw new IllegalStateException("a job does not survive its binary form", e);
    }
  }

  public static List<Job> jobs(List<StreamRecord> records) {
    return records.stream().map(StreamRecords::job).toList();
  }

  public static List<AttemptId> attempts(List<StreamRecord> records) {
    return records.stream().map(record -> record.envelope().attempt()).toList();
  }
}
