package io.quikqueue.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quikqueue.client.NewJob;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** Jobs that the distributed system has given up. */
final class StackDeadLettersTest extends DeadLetters {

  private static final String TOPIC = "quikqueue.dead";
  private static final Duration SOON = Duration.ofMinutes(3);

  private final StackRun system;

  StackDeadLettersTest(StackRun system) {
    super(system);
    this.system = system;
  }

  @Test
  void othersAreToldOfThemOverKafka() throws IOException {
    UUID id =
        system
            .client()
            .submit(NewJob.of("fail", Map.of("times", 9, "permanent", true)).queue("told"));

    String told =
        await().atMost(SOON).until(() -> records().get(id.toString()), text -> text != null);

    JsonNode json = new ObjectMapper().readTree(told);
    assertThat(json.path("id").textValue()).isEqualTo(id.toString());
    assertThat(json.path("type").textValue()).isEqualTo("fail");
    assertThat(json.path("queue").textValue()).isEqualTo("told");
    assertThat(json.path("error").textValue()).isEqualTo("attempt 1 of 9 that are to fail");
    assertThat(json.path("attempts").intValue()).isEqualTo(1);
    assertThat(json.has("payload")).isFalse();
  }

  /** All records of the topic by their keys. */
  private Map<String, String> records() {
    Map<String, String> records = new HashMap<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", system.kafka()),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.listTopics().getOrDefault(TOPIC, List.of()).stream()
              .map(partition -> new TopicPartition(TOPIC, partition.partition()))
              .toList();
      if (partitions.isEmpty()) {
        return records;
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> records.put(record.key(), record.value()));
      }
    }
    return records;
  }
}
