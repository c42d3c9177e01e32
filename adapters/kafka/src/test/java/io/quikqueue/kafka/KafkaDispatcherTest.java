package io.quikqueue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.servers.KafkaServer;
import io.quikqueue.servers.ServerOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KafkaDispatcherTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final KafkaConfig config = Fixtures.config();
  private final Recorded recorded = new Recorded();
  private final KafkaJobStream stream = new KafkaJobStream(config);
  private final List<KafkaDispatcher> dispatchers = new ArrayList<>();

  @AfterEach
  void stop() {
    dispatchers.forEach(dispatcher -> dispatcher.stop(PATIENCE));
    stream.close();
  }

  @Test
  void putsAsideWhatIsNoJobAndGoesOn() {
    config.setPartitions(1);
    Job before = Fixtures.job("default", "1");
    Job after = Fixtures.job("default", "2");
    String topic = config.getPrefix() + "jobs.default";
    stream.announce(List.of(before));
    try (KafkaProducer<byte[], byte[]> stranger =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", config.getBootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      stranger.send(new ProducerRecord<>(topic, bytes("key"), bytes("{\"not\":\"a job\"}")));
      stranger.send(new ProducerRecord<>(topic, bytes("key"), null));
    }
    stream.announce(List.of(after));

    start(recorded);

    await().untilAsserted(() -> assertThat(recorded.jobs()).containsExactly(before, after));
    List<ConsumerRecord<byte[], byte[]>> letters = deadLetters(2);
    assertThat(letters.getFirst().value()).isEqualTo(bytes("{\"not\":\"a job\"}"));
    assertThat(letters.getLast().value()).isNull();
    assertThat(headers(letters.getFirst()))
        .containsEntry("topic", topic)
        .containsEntry("partition", "0")
        .containsEntry("offset", "1")
        .hasEntrySatisfying("error", error -> assertThat(error).contains("version 123"));
    await().untilAsserted(() -> assertThat(stream.lag()).isZero());
  }

  @Test
  void leavesTheJobsOfAFullQueueInKafkaUntilThereIsRoom() throws Exception {
    letSessionsLast();
    recorded.highWater(1000);
    start(recorded, 300);
    List<Job> jobs = Fixtures.jobs("busy", 6000);
    for (int i = 0; i < 6; i++) {
      stream.announce(jobs.subList(i * 1000, (i + 1) * 1000));
    }
    await().until(() -> recorded.count("busy") > 1000);

    stream.announce(Fixtures.jobs("calm", 200));

    await().until(() -> recorded.count("calm") == 200);
    assertThat(recorded.count("busy")).isLessThanOrEqualTo(1500);
    while (recorded.count("busy") < 6000) {
      long before = recorded.count("busy");
      recorded.drain("busy");
      await().until(() -> recorded.count("busy") > before);
    }
    assertThat(recorded.jobs()).doesNotHaveDuplicates().containsAll(jobs);
  }

  @Test
  void redeliversAtTheSamePositionsWhatWasPushedAndNotCommitted() throws Exception {
    CountDownLatch pushed = new CountDownLatch(1);
    List<StreamRecord> first = new ArrayList<>();
    KafkaDispatcher dying =
        start(
            new Dispatching() {
              @Override
              public Set<String> dispatch(List<StreamRecord> batch) {
                if (pushed.getCount() > 0) {
                  first.addAll(batch);
                  pushed.countDown();
                }
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                throw new UnavailableException("ready queue", "killed");
              }

              @Override
              public Map<String, Long> depth() {
                return Map.of();
              }
            });
    stream.announce(Fixtures.jobs("default", 100));
    assertThat(pushed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    dying.stop(Duration.ZERO);

    start(recorded);

    await().until(() -> recorded.size() == 100);
    assertThat(positions(recorded.announced())).containsAll(positions(first));
  }

  @Test
  void keepsTheBatchWhileTheReadyQueueIsDown() throws Exception {
    letSessionsLast();
    start(recorded);
    stream.announce(Fixtures.jobs("default", 10));
    await().until(() -> recorded.size() == 10);
    List<MemberDescription> members = List.copyOf(members());
    recorded.down(true);
    List<Job> jobs = Fixtures.jobs("default", 2000);
    stream.announce(jobs.subList(0, 1000));
    stream.announce(jobs.subList(1000, 2000));
    await().until(() -> recorded.refused() >= 6);
    await().untilAsserted(() -> assertThat(stream.lag()).isEqualTo(2000));

    recorded.down(false);

    await().until(() -> recorded.size() == 2010);
    assertThat(recorded.jobs()).doesNotHaveDuplicates().containsAll(jobs);
    await().untilAsserted(() -> assertThat(stream.lag()).isZero());
    assertThat(members()).as("never left the group").isEqualTo(members);
    assertThat(dispatchers.getFirst().trouble()).isNull();
  }

  @Test
  void handsPartitionsOverToASecondDispatcher() throws Exception {
    letSessionsLast();
    Recorded stuck = new Recorded();
    start(stuck);
    stream.announce(Fixtures.jobs("default", 100));
    await().until(() -> stuck.size() == 100);
    stuck.down(true);
    List<Job> jobs = Fixtures.jobs("default", 1000);
    stream.announce(jobs);
    await().until(() -> stuck.refused() > 2);

    start(recorded);
    await().until(() -> recorded.size() > 0);
    stuck.down(false);

    await().until(() -> recorded.size() + stuck.size() >= 1100);
    List<Job> dispatched =
        Stream.concat(stuck.jobs().stream().skip(100), recorded.jobs().stream()).toList();
    assertThat(dispatched).containsExactlyInAnyOrderElementsOf(jobs);
    await().untilAsserted(() -> assertThat(stream.lag()).isZero());
  }

  @Test
  void commitsBeforeItStops() throws Exception {
    letSessionsLast();
    KafkaDispatcher first = start(recorded);
    stream.announce(Fixtures.jobs("default", 700));
    await().until(() -> recorded.size() > 0);
    first.stop(PATIENCE);
    int dispatched = recorded.size();
    assertThat(stream.lag()).isEqualTo(700 - dispatched);
    assertThat(first.trouble()).isNotNull();
    assertThat(members()).isEmpty();

    start(recorded);

    await().until(() -> recorded.size() >= 700);
    await().untilAsserted(() -> assertThat(stream.lag()).isZero());
    assertThat(recorded.jobs()).hasSize(700).doesNotHaveDuplicates();
  }

  @Test
  void givesTheTopicOfAQueueThatIsMadeAnewOtherPositions() throws Exception {
    config.setPartitions(1);
    start(recorded);
    stream.announce(Fixtures.jobs("mail", 3));
    await().until(() -> recorded.size() == 3);
    try (Admin admin = Fixtures.admin(config)) {
      admin.deleteTopics(List.of(config.getPrefix() + "jobs.mail")).all().get(60, TimeUnit.SECONDS);
    }

    List<Job> jobs = Fixtures.jobs("mail", 2);
    announceAgain(stream, jobs);

    await().until(() -> recorded.size() >= 5);
    List<StreamRecord.Position> positions = positions(recorded.announced());
    assertThat(positions.get(0).partition()).isEqualTo(positions.get(2).partition());
    assertThat(positions.get(3).partition())
        .isNotEqualTo(positions.get(0).partition())
        .isEqualTo(positions.get(4).partition());
    assertThat(positions.get(3).offset()).isZero();
  }

  @Test
  void startsBeforeKafkaDoesAndSurvivesItsEnd(@TempDir Path dir) {
    int port = Fixtures.closedPort();
    KafkaConfig own = Fixtures.config("127.0.0.1:" + port);
    own.setAdminTimeout(io.dropwizard.util.Duration.seconds(2));
    own.setDeliveryTimeout(io.dropwizard.util.Duration.seconds(2));
    own.setBlockTimeout(io.dropwizard.util.Duration.seconds(1));
    KafkaDispatcher dispatcher = new KafkaDispatcher(own, recorded, 1000);
    dispatchers.add(dispatcher);
    dispatcher.start();
    try (KafkaJobStream announcer = new KafkaJobStream(own)) {
      announcer.start();
      List<Job> before = Fixtures.jobs("default", 100);
      assertThatThrownBy(() -> announcer.announce(before)).isInstanceOf(UnavailableException.class);
      await()
          .untilAsserted(() -> assertThat(dispatcher.trouble()).isEqualTo("Kafka does not answer"));
      try (KafkaServer server = KafkaServer.start(ServerOptions.in(dir).withPort(port))) {
        announceAgain(announcer, before);
        await().untilAsserted(() -> assertThat(recorded.jobs()).containsAll(before));

        server.kill();
        await().until(() -> dispatcher.trouble() != null);
        List<Job> after = Fixtures.jobs("default", 100);
        assertThatThrownBy(() -> announcer.announce(after))
            .isInstanceOf(UnavailableException.class);
        server.start();

        announceAgain(announcer, after);
        await().untilAsserted(() -> assertThat(recorded.jobs()).containsAll(after));
        await().untilAsserted(() -> assertThat(announcer.lag()).isZero());
        await().until(() -> dispatcher.trouble() == null);
        dispatcher.stop(PATIENCE);
      }
    }
  }

  /** Kafka's client before 4.4 went round and round while it looked for the group's coordinator. */
  @Test
  void waitsForKafkaWithoutSpendingTheProcessor(@TempDir Path dir) {
    try (KafkaServer server = KafkaServer.start(ServerOptions.in(dir))) {
      KafkaConfig own = Fixtures.config(server.bootstrapServers());
      KafkaDispatcher dispatcher = new KafkaDispatcher(own, recorded, 1000);
      dispatchers.add(dispatcher);
      try (KafkaJobStream announcer = new KafkaJobStream(own)) {
        dispatcher.start();
        announceAgain(announcer, Fixtures.jobs("default", 1));
        await().until(() -> recorded.size() >= 1);
        server.kill();

        Duration before = consumerTime();
        long begun = System.nanoTime();
        await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
        Duration passed = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(consumerTime().minus(before)).isLessThan(passed.dividedBy(4));
        server.start();
        announceAgain(announcer, Fixtures.jobs("default", 1));
        await().until(() -> recorded.size() >= 2);
        dispatcher.stop(PATIENCE);
      }
    }
  }

  @Test
  void noticesNewQueues() {
    start(recorded);
    stream.announce(Fixtures.jobs("default", 1));
    await().until(() -> recorded.size() == 1);

    // So many, because a new partition is not always ready when its first records come.
    IntStream.range(0, 30).forEach(i -> stream.announce(Fixtures.jobs("new" + i, 10)));

    await().until(() -> recorded.size() == 301);
  }

  /** Processor time that the threads of the consumer have taken. */
  private static Duration consumerTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(Objects::nonNull)
        .filter(
            thread ->
                thread.getThreadName().equals("dispatch")
                    || thread.getThreadName().startsWith("consumer_background_thread"))
        .map(thread -> Duration.ofNanos(threads.getThreadCpuTime(thread.getThreadId())))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** So that no member of the group is expelled when this machine stands still for some seconds. */
  private void letSessionsLast() throws Exception {
    try (Admin admin = Fixtures.admin(config)) {
      AlterConfigOp session =
          new AlterConfigOp(
              new ConfigEntry("consumer.session.timeout.ms", "60000"), AlterConfigOp.OpType.SET);
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, config.getGroup()),
                  List.of(session)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  private static void announceAgain(KafkaJobStream announcer, List<Job> jobs) {
    await()
        .ignoreExceptionsInstanceOf(UnavailableException.class)
        .until(
            () -> {
              announcer.announce(jobs);
              return true;
            });
  }

  private KafkaDispatcher start(Dispatching dispatching) {
    return start(dispatching, 1000);
  }

  private KafkaDispatcher start(Dispatching dispatching, long lowWater) {
    KafkaDispatcher dispatcher = new KafkaDispatcher(config, dispatching, lowWater);
    dispatchers.add(dispatcher);
    dispatcher.start();
    return dispatcher;
  }

  private Collection<MemberDescription> members() {
    try (Admin admin = Fixtures.admin(config)) {
      return admin
          .describeConsumerGroups(List.of(config.getGroup()))
          .all()
          .get(60, TimeUnit.SECONDS)
          .get(config.getGroup())
          .members();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
    TopicPartition partition = new TopicPartition(config.getPrefix() + "dead-letter", 0);
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", config.getBootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
      await()
          .until(
              () -> {
                reader.poll(Duration.ofMillis(200)).forEach(letters::add);
                return letters.size() >= count;
              });
      return letters;
    }
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    return Stream.of(record.headers().toArray())
        .collect(
            Collectors.toMap(
                header -> header.key(),
                header -> new String(header.value(), StandardCharsets.UTF_8)));
  }

  private static List<StreamRecord.Position> positions(List<StreamRecord> announced) {
    return announced.stream().map(StreamRecord::position).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
