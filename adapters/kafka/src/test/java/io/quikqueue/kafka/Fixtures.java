package io.quikqueue.kafka;

import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.servers.FreePorts;
import io.quikqueue.servers.SharedServers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/** Jobs, and a corner of a Kafka of one's own. */
final class Fixtures {

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final JobIds IDS = new JobIds(InstantSource.fixed(NOW), new Random(7));

  private Fixtures() {}

  /** On the shared Kafka, with a prefix and a group that nobody else has. */
  static KafkaConfig config() {
    return config(SharedServers.kafka().bootstrapServers());
  }

  static KafkaConfig config(String bootstrapServers) {
    KafkaConfig config = new KafkaConfig();
    String own = "t" + UUID.randomUUID().toString().substring(0, 8);
    config.setBootstrapServers(bootstrapServers);
    config.setPrefix(own + ".");
    config.setGroup(own);
    config.setNewQueueDelay(Duration.milliseconds(300));
    // A machine that builds has little time for a broker; tests of bounds set their own.
    config.setAdminTimeout(Duration.seconds(30));
    config.setBlockTimeout(Duration.seconds(20));
    return config;
  }

  /**
   * A port that nobody listens on, and that the kernel gives to no client: one that knocks at such
   * a port can end up connected to itself.
   */
  static int closedPort() {
    return FreePorts.next();
  }

  static Admin admin(KafkaConfig config) {
    return Admin.create(Map.of("bootstrap.servers", config.getBootstrapServers()));
  }

  static List<Job> jobs(String queue, int count) {
    return IntStream.range(0, count).mapToObj(i -> job(queue, "{\"n\":" + i + "}")).toList();
  }

  static Job job(String queue, String payload) {
    return job(queue, payload, null);
  }

  static Job job(String queue, String payload, String traceparent) {
    JobSpec spec = JobSpec.builder("echo", payload).queue(queue).traceparent(traceparent).build();
    return Job.submit(IDS.next(), spec, null, false, NOW).job();
  }
}
