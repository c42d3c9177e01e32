package io.quikqueue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.FormerBodies;
import io.quikqueue.contracts.FormerReader;
import io.quikqueue.domain.job.Envelope;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers and consumers of the version before envelopes, of this one and of later ones. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MixedVersionsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final KafkaConfig config = Fixtures.config();
  private final String topic = config.getPrefix() + "jobs.default";
  private final Recorded recorded = new Recorded();
  private final KafkaDispatcher dispatcher = new KafkaDispatcher(config, recorded, 1000);
  private final KafkaJobStream stream = new KafkaJobStream(config);

  @BeforeEach
  void makeTopics() {
    config.setPartitions(1);
    stream.announce(Fixtures.jobs("default", 1));
  }

  @AfterEach
  void stop() {
    dispatcher.stop(Duration.ofSeconds(10));
    stream.close();
  }

  @Test
  void bothVersionsReadWhatBothHaveWritten() {
    List<Job> written = new ArrayList<>();
    for (FormerBodies.Written former : FormerBodies.all()) {
      Job mine = Fixtures.job("default", "{\"text\":\"zwölf €\"}");
      send(record(former.job(), former.bytes()));
      stream.announce(List.of(mine));
      written.addAll(List.of(former.job(), mine));
    }

    dispatcher.start();

    assertThat(asTheFormerVersionReads(read(topic, 1 + written.size())).subList(1, 7))
        .isEqualTo(written);
    await().atMost(PATIENCE).until(() -> recorded.size() == 1 + written.size());
    assertThat(recorded.jobs().subList(1, 7)).isEqualTo(written);
    assertThat(recorded.announced().subList(1, 7))
        .extracting(each -> each.envelope())
        .isEqualTo(written.stream().map(Envelope::of).toList());
    assertThat(dispatcher.trouble()).isNull();
  }

  @Test
  void aLaterVersionMayAddFieldsToBoth() {
    Job job = Fixtures.job("default", "1");
    byte[] added = {99, 2, 1, 2};
    ProducerRecord<byte[], byte[]> record = record(job, joined(JobBody.write(job), added));
    record.headers().add("qq", joined(Envelope.of(job).bytes(), added));
    send(record);
    send(record(job, joined(JobBody.write(job), added)));

    dispatcher.start();

    await().atMost(PATIENCE).until(() -> recorded.size() == 3);
    assertThat(recorded.jobs().subList(1, 3)).containsExactly(job, job);
    assertThat(recorded.announced().get(1).body()).endsWith(added);
  }

  @Test
  void aBodyStaysClosedBehindAnEnvelope() {
    Job job = Fixtures.job("default", "\"__\"");
    byte[] body = JobBody.write(job);
    body[body.length - 2] = (byte) 0xFF; // not UTF-8
    ProducerRecord<byte[], byte[]> record = record(job, body);
    record.headers().add("qq", Envelope.of(job).bytes());
    send(record);

    dispatcher.start();

    await().atMost(PATIENCE).until(() -> recorded.size() == 2);
    assertThat(recorded.announced().getLast().body()).isEqualTo(body);
    assertThat(recorded.announced().getLast().envelope()).isEqualTo(Envelope.of(job));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nothing", "empty", "noise", "cut off", "another job", "another attempt", "body"})
  void anEnvelopeThatIsWrongIsPutAside(String wrong) {
    Job job = Fixtures.job("default", "1");
    Job after = Fixtures.job("default", "2");
    byte[] right = Envelope.of(job).bytes();
    byte[] body = JobBody.write(job);
    ProducerRecord<byte[], byte[]> record =
        record(job, wrong.equals("body") ? Arrays.copyOf(body, 21) : body);
    record
        .headers()
        .add(
            "qq",
            switch (wrong) {
              case "nothing" -> null;
              case "empty" -> new byte[0];
              case "noise" -> "{\"a\":1}".getBytes(StandardCharsets.US_ASCII);
              case "cut off" -> Arrays.copyOf(right, right.length - 1);
              case "another job" -> Envelope.of(after).bytes();
              case "another attempt" -> Envelope.of(job.rescue(Fixtures.NOW).after()).bytes();
              default -> right;
            });
    send(record);
    stream.announce(List.of(after));

    dispatcher.start();

    await().atMost(PATIENCE).until(() -> recorded.size() == 2);
    assertThat(recorded.jobs().getLast()).isEqualTo(after);
    assertThat(read(config.getPrefix() + "dead-letter", 1))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.value()).isEqualTo(record.value());
              assertThat(letter.headers().lastHeader("error").value()).isNotEmpty();
            });
    await().atMost(PATIENCE).until(() -> stream.lag() == 0);
  }

  private ProducerRecord<byte[], byte[]> record(Job job, byte[] body) {
    return new ProducerRecord<>(topic, job.id().bytes(), body);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", config.getBootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      other.send(record, (_, failure) -> assertThat(failure).as("sending").isNull());
    }
  }

  /** All that is in a topic, once there is so much. */
  private List<ConsumerRecord<byte[], byte[]>> read(String from, int count) {
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", config.getBootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          reader.partitionsFor(from).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                reader.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
              });
      return records;
    }
  }

  /** It looks at nothing but the value. */
  private static List<Job> asTheFormerVersionReads(List<ConsumerRecord<byte[], byte[]>> records) {
    List<Job> jobs = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        jobs.add(FormerReader.read(record.value()));
      } catch (UnreadableMessageException e) {
        throw new AssertionError(e);
      }
    }
    return jobs;
  }

  private static byte[] joined(byte[] first, byte[] last) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(last);
    return out.toByteArray();
  }
}
