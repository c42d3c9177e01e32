package io.quikqueue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.contracts.Seeds;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBody;
import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records that are no jobs, between records that are: each ends up in the dead-letter topic, as it
 * was and with what is wrong with it, and none holds up what comes after it.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GarbageTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int RECORDS = 600;
  private static final int LARGE = 3 << 20;

  private final KafkaConfig config = Fixtures.config();
  private final String topic = config.getPrefix() + "jobs.default";
  private final Recorded recorded = new Recorded();
  private final KafkaDispatcher dispatcher = new KafkaDispatcher(config, recorded, 1000);
  private final KafkaJobStream stream = new KafkaJobStream(config);

  @AfterEach
  void stop() {
    dispatcher.stop(Duration.ofSeconds(10));
    stream.close();
  }

  static LongStream seeds() {
    return Seeds.of(2);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isPutAside(long seed) {
    Random random = new Random(seed);
    config.setPartitions(2);
    List<Job> first = Fixtures.jobs("default", 2);
    stream.announce(first); // makes the topic
    Map<String, byte[]> garbage = new TreeMap<>();
    List<byte[]> jobs = new ArrayList<>();
    first.forEach(job -> jobs.add(JobBody.write(job)));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      byte[] value = value(i, random);
      if (isJob(value)) {
        jobs.add(value);
        records.add(new ProducerRecord<>(topic, random.nextInt(2), null, value));
      } else {
        garbage.put("garbage " + i, value);
        records.add(record("garbage " + i, value, random));
      }
    }
    assertThat(garbage).as(Seeds.told(seed)).hasSizeGreaterThan(RECORDS / 4);
    assertThat(jobs).as(Seeds.told(seed)).hasSizeGreaterThan(RECORDS / 4);
    send(records, Map.of());

    dispatcher.start();

    await(Seeds.told(seed)).atMost(PATIENCE).until(() -> recorded.size() >= jobs.size());
    Map<String, ConsumerRecord<byte[], byte[]>> letters = deadLetters(garbage.size());
    await(Seeds.told(seed)).atMost(PATIENCE).until(() -> stream.lag() == 0);
    assertThat(recorded.announced())
        .as(Seeds.told(seed))
        .extracting(StreamRecord::body)
        .containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(letters.keySet()).as(Seeds.told(seed)).isEqualTo(garbage.keySet());
    garbage.forEach(
        (key, value) -> {
          assertThat(letters.get(key).value()).as(Seeds.told(seed) + " " + key).isEqualTo(value);
          assertThat(headers(letters.get(key)))
              .as(Seeds.told(seed) + " " + key)
              .containsEntry("topic", topic)
              .containsKeys("partition", "offset")
              .hasEntrySatisfying("error", error -> assertThat(error).isNotBlank());
        });
    assertThat(dispatcher.trouble()).isNull();
  }

  /** What fits into a topic of jobs need not fit into a topic of letters that others have made. */
  @Test
  void isPutAsideInPartWhenItDoesNotFit() throws Exception {
    config.setPartitions(1);
    String deadLetter = config.getPrefix() + "dead-letter";
    try (Admin admin = Fixtures.admin(config)) {
      NewTopic small = new NewTopic(deadLetter, 1, (short) 1);
      small.configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100000"));
      admin.createTopics(List.of(small)).all().get(120, TimeUnit.SECONDS);
    }
    Job before = Fixtures.job("default", "1");
    Job after = Fixtures.job("default", "2");
    stream.announce(List.of(before));
    ProducerRecord<byte[], byte[]> crowded =
        new ProducerRecord<>(topic, 0, bytes("with headers"), new byte[0]);
    crowded.headers().add("large", new byte[LARGE]);
    send(
        List.of(
            new ProducerRecord<>(topic, 0, bytes("with a value"), new byte[LARGE]),
            new ProducerRecord<>(topic, 0, new byte[LARGE], new byte[0]),
            crowded),
        Map.of());
    // Larger than any request of the dispatcher may be, until it is packed.
    send(
        List.of(new ProducerRecord<>(topic, 0, null, new byte[4 * LARGE])),
        Map.of("compression.type", "gzip", "max.request.size", 8 * LARGE));
    stream.announce(List.of(after));

    dispatcher.start();

    await().atMost(PATIENCE).until(() -> recorded.jobs().equals(List.of(before, after)));
    await().atMost(PATIENCE).until(() -> stream.lag() == 0);
    List<Map<String, String>> letters =
        deadLettersInOrder(4).stream().map(GarbageTest::headers).toList();
    assertThat(letters)
        .extracting(letter -> letter.get("offset"))
        .containsExactly("1", "2", "3", "4");
    assertThat(letters).allSatisfy(letter -> assertThat(letter.get("error")).isNotBlank());
  }

  private static byte[] value(int number, Random random) {
    byte[] good = JobBody.write(Fixtures.job("default", "{\"n\":" + number + "}"));
    return switch (random.nextInt(10)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> noise(random.nextInt(300), random);
      case 3 -> noise(random.nextInt(50) == 0 ? LARGE : 5_000, random);
      case 4, 5 -> changed(good, random);
      default -> good;
    };
  }

  private static byte[] noise(int length, Random random) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    if (length > 0 && random.nextBoolean()) {
      noise[0] = 1;
    }
    return noise;
  }

  private static byte[] changed(byte[] message, Random random) {
    byte[] changed = message.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static boolean isJob(byte[] value) {
    try {
      return value != null && JobBody.read(value).attempt() > 0;
    } catch (UnreadableMessageException e) {
      return false;
    }
  }

  private ProducerRecord<byte[], byte[]> record(String key, byte[] value, Random random) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, random.nextInt(2), bytes(key), value);
    if (random.nextInt(4) == 0) {
      record.headers().add("strange \u0000 \uD83C\uDF89", noise(random.nextInt(100), random));
      record.headers().add("", null);
    }
    return record;
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", config.getBootstrapServers());
    settings.putIfAbsent("max.request.size", Clients.MAX_MESSAGE_BYTES);
    settings.put("batch.size", 0); // each by itself, since it is the batch that has to fit
    try (KafkaProducer<byte[], byte[]> stranger =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      records.forEach(
          record ->
              stranger.send(record, (_, failure) -> assertThat(failure).as("sending").isNull()));
    }
  }

  private Map<String, ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
    Map<String, ConsumerRecord<byte[], byte[]>> byKey = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> letter : deadLettersInOrder(count)) {
      byKey.put(new String(letter.key(), StandardCharsets.UTF_8), letter);
    }
    return byKey;
  }

  /** All that are there, once there are so many. */
  private List<ConsumerRecord<byte[], byte[]>> deadLettersInOrder(int count) {
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", config.getBootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          reader.partitionsFor(config.getPrefix() + "dead-letter").stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                reader.poll(Duration.ofMillis(200)).forEach(letters::add);
                return letters.size() >= count;
              });
      return letters;
    }
  }

  /** Those that the dispatcher added come last. */
  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      byte[] value = header.value();
      headers.put(header.key(), value == null ? null : new String(value, StandardCharsets.UTF_8));
    }
    return headers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
