package io.quikqueue.servers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A real Kafka 4 (KRaft): one broker that is its own controller, no topics made by themselves. Its
 * broker is a JVM on the class path of this process, and without the second compiler when this one
 * is.
 */
public final class KafkaServer extends Server {
  private static final int DEFAULT_HEAP_MB = 256;

  /** A broker that lives for a test spends most of its time in the compilers. */
  private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  private KafkaServer(ServerOptions options) {
    super("kafka", options);
  }

  /** Starts one and waits until it answers; {@code memoryMb} is its heap, 256 when not given. */
  public static KafkaServer start(ServerOptions options) {
    KafkaServer server = new KafkaServer(options);
    server.start();
    return server;
  }

  /** {@code 127.0.0.1:PORT}, for {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return host() + ":" + port();
  }

  @Override
  List<String> prepare() throws IOException {
    Path settings = dir().resolve("kafka.properties");
    Files.writeString(settings, settings());
    Files.deleteIfExists(ready());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ManagementFactory.getRuntimeMXBean().getInputArguments().contains(QUICK_COMPILER)) {
      command.add(QUICK_COMPILER);
    }
    Collections.addAll(
        command,
        "-Xmx" + memoryMb(DEFAULT_HEAP_MB) + "m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dlogback.configurationFile=io/quikqueue/servers/kafka-logback.xml",
        // Kafka asks for Log4j to change levels by; it gets none and says so on every start.
        "-Dlog4j2.StatusLogger.level=OFF",
        "-cp",
        System.getProperty("java.class.path"),
        KafkaBroker.class.getName(),
        settings.toString(),
        ready().toString());
    return command;
  }

  @Override
  boolean answers() {
    return Files.exists(ready());
  }

  private Path ready() {
    return dir().resolve("ready");
  }

  private String settings() {
    int controller = FreePorts.next();
    String fixed =
        """
        process.roles=broker,controller
        node.id=1
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        controller.listener.names=CONTROLLER
        auto.create.topics.enable=false
        num.partitions=4
        offsets.topic.num.partitions=4
        offsets.topic.replication.factor=1
        transaction.state.log.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.num.partitions=4
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        group.initial.rebalance.delay.ms=0
        # A consumer that was killed gives its partitions up after seconds, not most of a minute.
        group.consumer.min.heartbeat.interval.ms=1000
        group.consumer.heartbeat.interval.ms=1000
        group.consumer.min.session.timeout.ms=6000
        group.consumer.session.timeout.ms=6000
        # A broker that was killed is let in again only when its old session has ended.
        # Sooner, and a broker whose processor is busy with other work loses its session again and again.
        broker.heartbeat.interval.ms=1000
        broker.session.timeout.ms=6000
        log.segment.bytes=67108864
        log.retention.hours=168
        log.cleaner.dedupe.buffer.size=8388608
        num.network.threads=2
        num.io.threads=2
        num.recovery.threads.per.data.dir=1
        background.threads=2
        """;
    return List.of(
            "listeners=PLAINTEXT://%s:%d,CONTROLLER://%s:%d"
                .formatted(host(), port(), host(), controller),
            "advertised.listeners=PLAINTEXT://" + bootstrapServers(),
            "controller.quorum.voters=1@%s:%d".formatted(host(), controller),
            "log.dirs=" + data().toString().replace("\\", "\\\\"))
        .stream()
        .collect(Collectors.joining("\n", fixed, "\n"));
  }
}
