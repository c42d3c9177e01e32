package io.quikqueue.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quikqueue.acceptance.faults.Proxy.Then;
import io.quikqueue.acceptance.faults.Proxy.Trap;
import io.quikqueue.servers.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Rows 9 to 17: between the store and the ready queue. */
final class KafkaFaultsTest extends FaultTest {

  /** Bounds what hangs: what piles up in two minutes may take a slow machine as long. */
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(8);

  KafkaFaultsTest(Cluster cluster) {
    super(cluster);
  }

  private KafkaServer kafka() {
    return cluster.servers().kafka();
  }

  @Test
  void row9AnnouncerKilledBeforeTheOutboxDelete() throws Exception {
    row(
        9,
        0,
        round -> {
          // Kafka's ack comes when nothing can be written to the database any more; the relay would
          // announce the needle too, were all this to take longer than its grace.
          cluster.scheduler().pause();
          kafka().pause();
          submit(round, "needle", 0);
          cluster.api().database().freeze();
          kafka().resume();
          await("announced").atMost(SOON).until(() -> cluster.effects().starts("row9-needle") == 1);
          assertThat(outbox("row9-needle")).as("outbox rows of what was announced").isOne();

          cluster.api().kill();
          cluster.api().database().cut();
          cluster.api().database().heal();
          cluster.scheduler().resume();

          cluster.api().start();
          await("relayed").atMost(SOON).until(() -> outbox("row9-needle") == 0);
        });
  }

  @Test
  void row10AnnouncerKilledBeforeTheSend() throws Exception {
    row(
        10,
        0,
        round -> {
          kafka().kill();
          submit(round, "needle", 0);
          cluster.api().kill();
          kafka().start();
          await("relayed").atMost(SOON).until(() -> cluster.effects().starts("row10-needle") == 1);
          cluster.api().start();
        });
  }

  @Test
  void row11RelayFrozenPastItsLease() throws Exception {
    row(
        11,
        0,
        Role.SCHEDULER,
        (round, second) -> {
          second.start();
          kafka().kill();
          await("a backlog").atMost(SOON).until(() -> outbox() >= 500);
          App leader = leadingScheduler();
          // It freezes in the middle of a transaction, with the backlog before it.
          Trap trap = leader.database().set(new Trap(Then.HOLD_REQUEST, COMMIT));
          long latest = latestInOutbox();
          kafka().start();
          assertThat(trap.await(SOON)).isTrue();
          leader.pause();
          await("relayed by the other").atMost(SOON).until(() -> outboxUntil(latest) < 100);
          leader.database().heal();
          leader.resume();
          round.awaitRuns(RATE);
        });
  }

  @Test
  void row12KilledAndRestarted() throws Exception {
    row(
        12,
        0,
        round -> {
          for (int i = 0; i < 3; i++) {
            kafka().kill();
            submit(round, "down" + i, 0);
            kafka().start();
            round.awaitRuns(RATE);
          }
        });
  }

  @Test
  void row13DownForTwoMinutes() throws Exception {
    row(
        13,
        0,
        round -> {
          kafka().kill();
          for (int i = 0; i < 24; i++) {
            submit(round, "down" + i, 0);
            pass(Duration.ofSeconds(5));
          }
          await("a backlog").atMost(SOON).until(() -> outbox() > 1000);
          long latest = latestInOutbox();
          kafka().start();
          await("drained").atMost(DRAIN_LIMIT).until(() -> outboxUntil(latest) == 0);
        });
  }

  @Test
  void row14DataLost() throws Exception {
    withOptions(
        cluster.scheduler(),
        "-Ddw.scheduling.sweepEvery=10s -Ddw.scheduling.sweepAge=10s",
        () ->
            row(
                14,
                0,
                round -> {
                  // What is announced now is in Kafka alone.
                  cluster.consumer().pause();
                  submit(round, "needle", 0);
                  await("announced").atMost(SOON).until(() -> outbox("row14-needle") == 0);
                  kafka().wipe();
                  cluster.consumer().resume();
                  await("swept")
                      .atMost(SOON)
                      .until(() -> cluster.effects().starts("row14-needle") == 1);
                  round.awaitRuns(RATE);
                }));
  }

  @Test
  void row15ConsumerKilledBetweenPushAndCommit() throws Exception {
    row(
        15,
        0,
        round -> {
          for (int i = 0; i < 3; i++) {
            String n = "needle" + i;
            Trap trap = cluster.consumer().redis().set(new Trap(Then.HOLD_REPLY, "row15-" + n));
            submit(round, n, 0);
            assertThat(trap.await(SOON)).isTrue();
            cluster.consumer().kill();
            await().atMost(SOON).until(() -> cluster.effects().starts("row15-" + n) == 1);
            cluster.consumer().redis().cut();
            cluster.consumer().start();
            round.awaitRuns(RATE);
          }
        });
  }

  @Test
  void row16ConsumerFrozenInHandOff() throws Exception {
    row(
        16,
        0,
        Role.CONSUMER,
        (round, second) -> {
          second.start();
          App frozen = handingOff(cluster.consumer(), second);
          frozen.pause();
          // Past its session with Kafka: the other one owns all partitions now.
          pass(Duration.ofSeconds(15));
          round.awaitRuns(5 * RATE);
          frozen.redis().heal();
          frozen.resume();
          round.awaitRuns(5 * RATE);
        });
  }

  /** Stops one of these in the middle of a push; one of them may own no partition of the queue. */
  private static App handingOff(App... consumers) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (System.nanoTime() < end) {
      for (App consumer : consumers) {
        Trap trap = consumer.redis().set(new Trap(Then.HOLD_REQUEST, "row16-"));
        if (trap.await(Duration.ofSeconds(10))) {
          return consumer;
        }
        consumer.redis().heal();
      }
    }
    throw new AssertionError("no consumer pushes");
  }

  @Test
  void row17UnparsableRecords() throws Exception {
    row(
        17,
        0,
        round -> {
          String topic = "quikqueue.jobs." + round.load().queue();
          Set<String> garbage = new HashSet<>();
          try (var producer =
              new KafkaProducer<>(
                  Map.<String, Object>of("bootstrap.servers", kafka().bootstrapServers()),
                  new ByteArraySerializer(),
                  new ByteArraySerializer())) {
            for (int partition = 0; partition < 4; partition++) {
              String text = "garbage-" + partition;
              garbage.add(text);
              producer
                  .send(
                      new ProducerRecord<>(
                          topic, partition, null, text.getBytes(StandardCharsets.UTF_8)))
                  .get();
            }
          }
          Set<String> dead = new HashSet<>();
          await("dead letters")
              .atMost(SOON)
              .until(
                  () -> {
                    dead.addAll(deadLetters()); // one poll need not bring those of all partitions
                    return dead.containsAll(garbage);
                  });
          round.awaitRuns(5 * RATE);
        });
  }

  /** The values of all dead letters; each must tell its error. */
  private Set<String> deadLetters() {
    Set<String> values = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka().bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.listTopics().entrySet().stream()
              .filter(topic -> topic.getKey().endsWith("dead-letter"))
              .flatMap(topic -> topic.getValue().stream())
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      if (partitions.isEmpty()) {
        return values;
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(2))) {
        assertThat(record.headers().lastHeader("error"))
            .as("the error of a dead letter")
            .isNotNull();
        values.add(new String(record.value(), StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  /** Outbox rows of the job of this name. */
  private long outbox(String n) throws SQLException {
    try (Connection store = cluster.servers().connect()) {
      return Rows.count(
          store,
          "SELECT COUNT(*) FROM outbox o JOIN jobs j ON j.id = o.job_id WHERE j.payload LIKE ?",
          "%\"" + n + "\"%");
    }
  }

  /** When the latest row of the outbox was written, as the store has it. */
  private long latestInOutbox() throws SQLException {
    try (Connection store = cluster.servers().connect()) {
      return Rows.count(store, "SELECT MAX(created_at) FROM outbox");
    }
  }

  /** Outbox rows that are no younger: the load goes on to write some. */
  private long outboxUntil(long latest) throws SQLException {
    try (Connection store = cluster.servers().connect()) {
      return Rows.count(store, "SELECT COUNT(*) FROM outbox WHERE created_at <= " + latest);
    }
  }

  private long outbox() throws SQLException {
    try (Connection store = cluster.servers().connect()) {
      return Rows.count(store, "SELECT COUNT(*) FROM outbox");
    }
  }
}
