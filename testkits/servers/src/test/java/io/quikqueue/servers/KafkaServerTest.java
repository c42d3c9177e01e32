package io.quikqueue.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerTest {
  @TempDir Path dir;

  @Test
  void answersAndKeepsItsTopicsOverKillAndRestart() throws Exception {
    try (KafkaServer server = KafkaServer.start(ServerOptions.in(dir))) {
      try (Admin admin = Admin.create(settings(server))) {
        admin
            .createTopics(List.of(new NewTopic("jobs", 3, (short) 1)))
            .all()
            .get(180, TimeUnit.SECONDS);

        server.kill();
        server.start();

        assertThat(admin.listTopics().names().get(180, TimeUnit.SECONDS)).containsExactly("jobs");
      }
    }
  }

  @Test
  void stopsGentlyWithinItsTime() throws Exception {
    KafkaServer server = KafkaServer.start(ServerOptions.in(dir));
    assertThat(server.bootstrapServers()).isEqualTo("127.0.0.1:" + server.port());

    server.stop();

    assertThat(server.child().exitCode()).as("ended by SIGTERM, not SIGKILL").isEqualTo(143);
    assertThat(server.child().logTail(50)).contains("Kafka Server started").doesNotContain("ERROR");
  }

  private static Map<String, Object> settings(KafkaServer server) {
    return Map.of(
        "bootstrap.servers",
        server.bootstrapServers(),
        "reconnect.backoff.max.ms",
        "500",
        "default.api.timeout.ms",
        "150000");
  }
}
