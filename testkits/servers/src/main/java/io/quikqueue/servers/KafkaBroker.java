package io.quikqueue.servers;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** The main class of the process a {@link KafkaServer} runs in. */
public final class KafkaBroker {
  private static final String CONTROLLER = "CONTROLLER";

  private KafkaBroker() {}

  /**
   * Runs a broker until SIGTERM.
   *
   * @param args the properties file, and the file to make once the broker serves
   */
  public static void main(String[] args) throws Exception {
    Path settings = Path.of(args[0]);
    Path ready = Path.of(args[1]);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(settings)) {
      properties.load(reader);
    }
    KafkaConfig config = KafkaConfig.fromProps(properties, false);
    if (!Files.exists(Path.of(config.metadataLogDir(), "meta.properties"))) {
      format(config);
    }
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
    try {
      server.startup();
    } catch (RuntimeException e) {
      e.printStackTrace();
      // Not exit: the shutdown of a server that is half up may wait for ever.
      Runtime.getRuntime().halt(1);
    }
    Files.writeString(ready, Long.toString(ProcessHandle.current().pid()));
    server.awaitShutdown();
  }

  /** Not by Kafka's StorageTool: its argument parser is of another version than Dropwizard's. */
  private static void format(KafkaConfig config) throws Exception {
    new Formatter()
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(config.nodeId())
        .setControllerListenerName(CONTROLLER)
        .setMetadataLogDirectory(config.metadataLogDir())
        .addDirectory(config.metadataLogDir())
        .setIgnoreFormatted(true)
        .setPrintStream(System.out)
        .run();
  }
}
