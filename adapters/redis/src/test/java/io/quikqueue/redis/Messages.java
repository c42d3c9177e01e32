package io.quikqueue.redis;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.job.JobSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Jobs to push. */
final class Messages {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final JobIds ids = new JobIds(InstantSource.fixed(NOW), new Random(3));

  JobMessage one() {
    return one("default", 200);
  }

  JobMessage one(String queue, int characters) {
    JobSpec spec =
        JobSpec.builder("echo", "\"" + "x".repeat(characters) + "\"").queue(queue).build();
    return JobMessage.of(Job.submit(ids.next(), spec, null, false, NOW).job());
  }

  List<JobMessage> many(int count) {
    return IntStream.range(0, count).mapToObj(_ -> one()).toList();
  }

  static AttemptId id(JobMessage message) {
    return message.job().attemptId();
  }

  static List<AttemptId> ids(List<JobMessage> messages) {
    return messages.stream().map(Messages::id).toList();
  }

  static List<Job> jobs(List<JobMessage> messages) {
    return messages.stream().map(JobMessage::job).toList();
  }
}
