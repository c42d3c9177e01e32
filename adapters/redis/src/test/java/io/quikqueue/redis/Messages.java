package io.quikqueue.redis;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
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

  Job one() {
    return one("default", 200);
  }

  Job one(String queue, int characters) {
    JobSpec spec =
        JobSpec.builder("echo", "\"" + "x".repeat(characters) + "\"").queue(queue).build();
    return Job.submit(ids.next(), spec, null, false, NOW).job();
  }

  List<Job> many(int count) {
    return IntStream.range(0, count).mapToObj(_ -> one()).toList();
  }

  static AttemptId id(Job message) {
    return message.attemptId();
  }

  static List<AttemptId> ids(List<Job> messages) {
    return messages.stream().map(Messages::id).toList();
  }

  static List<Envelope> envelopes(List<Job> jobs) {
    return jobs.stream().map(Envelope::of).toList();
  }
}
