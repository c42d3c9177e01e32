package io.quikqueue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.util.Duration;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.port.DeadJob;
import io.quikqueue.domain.port.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KafkaJobStreamTest {

  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final KafkaConfig config = Fixtures.config();

  @Test
  void isDurableWhenItReturns() {
    config.setPartitions(1);
    Job traced = Fixtures.job("mail", "1", TRACE);
    Job plain = Fixtures.job("mail", "2");
    TopicPartition partition = new TopicPartition(config.getPrefix() + "jobs.mail", 0);

    try (KafkaJobStream stream = new KafkaJobStream(config);
        KafkaConsumer<byte[], byte[]> reader =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", config.getBootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      stream.announce(List.of(traced, plain));

      assertThat(reader.endOffsets(List.of(partition))).containsEntry(partition, 2L);
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      List<ConsumerRecord<byte[], byte[]>> records = read(reader, partition, 2);
      assertThat(records).hasSize(2);
      assertThat(records.getFirst().key()).isEqualTo(traced.id().bytes());
      assertThat(records.getFirst().value()).isEqualTo(JobBody.write(traced));
      assertThat(records.getFirst().headers().lastHeader("traceparent").value())
          .isEqualTo(TRACE.getBytes(StandardCharsets.US_ASCII));
      assertThat(records.getFirst().headers().lastHeader("qq").value())
          .isEqualTo(Envelope.of(traced).bytes());
      assertThat(records.getLast().headers()).extracting(Header::key).containsExactly("qq");
    }
  }

  @Test
  void tellsOthersOfJobsThatFailed() {
    config.setPartitions(1);
    Job job = Fixtures.job("mail", "\"secret\"");
    DeadJob dead =
        new DeadJob(
            job.attemptId(),
            "send",
            "mail",
            "app.Gone",
            "no \"user\"\n\\ \u0001 漢 🎉",
            Fixtures.NOW);
    TopicPartition partition = new TopicPartition(config.getPrefix() + "dead", 0);

    try (KafkaJobStream stream = new KafkaJobStream(config);
        KafkaConsumer<String, String> reader =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", config.getBootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
      stream.publish(List.of());
      stream.publish(
          List.of(dead, new DeadJob(job.attemptId(), "a", "b", null, null, Fixtures.NOW)));

      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      List<ConsumerRecord<String, String>> records = read(reader, partition, 2);
      assertThat(records).hasSize(2);
      assertThat(records.getFirst().key()).isEqualTo(job.id().toString());
      assertThat(records.getFirst().value())
          .isEqualTo(
              "{\"id\":\""
                  + job.id()
                  + "\",\"type\":\"send\",\"queue\":\"mail\",\"error_class\":\"app.Gone\","
                  + "\"error\":\"no \\\"user\\\"\\u000a\\\\ \\u0001 漢 \\ud83c\\udf89\","
                  + "\"attempts\":1,\"failed_at\":\"2026-01-02T03:04:05.678901Z\"}");
      assertThat(records.getLast().value()).contains("\"error_class\":null,\"error\":null,");
    }
  }

  @Test
  void makesTopicsAsConfigured() throws Exception {
    config.setPartitions(3);
    try (KafkaJobStream stream = new KafkaJobStream(config);
        KafkaJobStream other = new KafkaJobStream(config);
        Admin admin = Fixtures.admin(config)) {
      stream.announce(Fixtures.jobs("mail", 1));
      other.announce(Fixtures.jobs("mail", 1));

      String topic = config.getPrefix() + "jobs.mail";
      TopicDescription description =
          admin.describeTopics(List.of(topic)).allTopicNames().get(60, TimeUnit.SECONDS).get(topic);
      assertThat(description.partitions()).hasSize(3);
    }
  }

  @Test
  void makesTheTopicOfTheDefaultQueueAtTheStart() {
    try (KafkaJobStream stream = new KafkaJobStream(config);
        Admin admin = Fixtures.admin(config)) {
      stream.start();

      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS))
                      .contains(
                          config.getPrefix() + "jobs.default", config.getPrefix() + "dead-letter"));
    }
  }

  @Test
  void announcesAgainAfterATopicWasDeleted() throws Exception {
    try (KafkaJobStream stream = new KafkaJobStream(config);
        Admin admin = Fixtures.admin(config)) {
      stream.announce(Fixtures.jobs("mail", 5));
      admin.deleteTopics(List.of(config.getPrefix() + "jobs.mail")).all().get(60, TimeUnit.SECONDS);

      List<Job> jobs = Fixtures.jobs("mail", 5);
      Awaitility.await()
          .ignoreExceptionsInstanceOf(UnavailableException.class)
          .until(
              () -> {
                stream.announce(jobs);
                return true;
              });
      // What failed may have sent some of them.
      assertThat(stream.lag()).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void countsWhatNobodyDispatched() {
    try (KafkaJobStream stream = new KafkaJobStream(config)) {
      assertThat(stream.lag()).isZero();
      stream.announce(Fixtures.jobs("a", 30));
      stream.announce(Fixtures.jobs("b", 12));

      assertThat(stream.lag()).isEqualTo(42);
    }
  }

  @Test
  void isUnavailableInBoundedTimeWhenNobodyListens() {
    config.setBootstrapServers("127.0.0.1:" + Fixtures.closedPort());
    config.setAdminTimeout(Duration.milliseconds(500));
    config.setBlockTimeout(Duration.milliseconds(500));
    config.setDeliveryTimeout(Duration.seconds(1));
    try (KafkaJobStream stream = new KafkaJobStream(config)) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> stream.announce(Fixtures.jobs("default", 500)))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.dependency()).isEqualTo("stream"));
      assertThatThrownBy(stream::lag).isInstanceOf(UnavailableException.class);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(50));
    }
  }

  @Test
  void makesOneCallerAtATimeWaitForAKafkaThatIsAway() throws Exception {
    config.setBootstrapServers("127.0.0.1:" + Fixtures.closedPort());
    config.setAdminTimeout(Duration.seconds(2));
    try (KafkaJobStream stream = new KafkaJobStream(config)) {
      assertThatThrownBy(() -> stream.announce(Fixtures.jobs("default", 1)))
          .isInstanceOf(UnavailableException.class);
      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> stream.announce(Fixtures.jobs("default", 1)))
            .isInstanceOf(UnavailableException.class);
      }
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(150));
    }
  }

  @Test
  void isUnavailableWhenTheNameOfTheBrokerIsNotKnown() {
    config.setBootstrapServers("kafka.invalid:9092");
    config.setAdminTimeout(Duration.milliseconds(500));
    try (KafkaJobStream stream = new KafkaJobStream(config)) {
      stream.start();
      assertThatThrownBy(() -> stream.announce(Fixtures.jobs("default", 1)))
          .isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void printsNoSecret() {
    config.setProperties(Map.of("sasl.jaas.config", "password=hush"));

    assertThat(config.toString()).doesNotContain("hush").contains("[REDACTED]");
  }

  /** The records of a partition, once there are so many. */
  private static <T> List<ConsumerRecord<T, T>> read(
      KafkaConsumer<T, T> reader, TopicPartition partition, int count) {
    List<ConsumerRecord<T, T>> records = new ArrayList<>();
    Awaitility.await()
        .until(
            () -> {
              records.addAll(reader.poll(java.time.Duration.ofMillis(200)).records(partition));
              return records.size() >= count;
            });
    return records;
  }
}
