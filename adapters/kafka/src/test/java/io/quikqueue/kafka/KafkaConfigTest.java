package io.quikqueue.kafka;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:9092",
        "kafka-1.example:9092, kafka_2:9093",
        "[::1]:9092",
        "PLAINTEXT://kafka:9092",
      })
  void takesBrokers(String servers) {
    assertThat(wrong(servers)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "kafka:", ":9092", "kafka:port", "kafka:9092;b:9092", "a:1,b"})
  void refusesWhatKafkaCouldNotUse(String servers) {
    assertThat(wrong(servers))
        .containsExactly("must be host:port, or several with commas between them");
  }

  @Test
  void refusesAFurtherSettingWhoseValueNoClientCouldHave() {
    for (Map.Entry<String, String> wrong :
        List.of(
            entry("security.protocol", "XXX"),
            entry("linger.ms", "soon"),
            entry("fetch.max.bytes", "1MiB"))) {
      assertThatThrownBy(() -> new KafkaConfig().setProperties(Map.ofEntries(wrong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Invalid value " + wrong.getValue())
          .hasMessageContaining(wrong.getKey());
    }
  }

  @Test
  void takesFurtherSettingsOfKafkaAndOfItsPlugins() {
    Map<String, String> given =
        Map.of(
            "security.protocol", "SSL", "linger.ms", "5", "sasl.jaas.config", "x", "my.own", "y");
    KafkaConfig config = new KafkaConfig();
    config.setProperties(given);
    assertThat(config.getProperties()).isEqualTo(given);
  }

  private static List<String> wrong(String servers) {
    KafkaConfig config = new KafkaConfig();
    config.setBootstrapServers(servers);
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      Validator validator = factory.getValidator();
      return validator.validateProperty(config, "bootstrapServers").stream()
          .map(violation -> violation.getMessage())
          .toList();
    }
  }
}
