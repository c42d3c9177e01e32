package io.quikqueue.kafka;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Where Kafka is, and how its topics are named and made. */
public final class KafkaConfig {

  /** From 1 to 65535. */
  private static final String PORT =
      "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";

  /**
   * As Kafka reads it: a protocol may stand before the host, and brackets around an IPv6 address.
   */
  private static final String BROKER =
      "\\s*([-0-9a-zA-Z%._]+://)?(\\[[-0-9a-zA-Z%._:]+]|[-0-9a-zA-Z%._]+):0*(" + PORT + ")\\s*";

  @NotBlank
  @Pattern(
      regexp = BROKER + "(," + BROKER + ")*",
      message = "must be host:port, or several with commas between them")
  private String bootstrapServers = "127.0.0.1:9092";

  @NotNull
  @Pattern(regexp = "[A-Za-z0-9.-]{0,100}")
  private String prefix = "quikqueue.";

  @NotBlank private String group = "quikqueue-dispatch";

  @Min(1)
  @Max(1000)
  private int partitions = 4;

  @Min(1)
  @Max(15)
  private int replicationFactor = 1;

  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.MINUTES)
  private Duration retention = Duration.days(7);

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration deliveryTimeout = Duration.seconds(10);

  @NotNull
  @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration blockTimeout = Duration.seconds(3);

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration adminTimeout = Duration.seconds(5);

  @NotNull
  @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration newQueueDelay = Duration.seconds(1);

  @NotNull private Map<String, String> properties = Map.of();

  /** {@code host:port}, several separated by commas; default {@code 127.0.0.1:9092}. */
  @JsonProperty
  public String getBootstrapServers() {
    return bootstrapServers;
  }

  @JsonProperty
  public void setBootstrapServers(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * What the names of all topics begin with; default {@code quikqueue.}, so that the jobs of a
   * queue go to {@code quikqueue.jobs.QUEUE}.
   */
  @JsonProperty
  public String getPrefix() {
    return prefix;
  }

  @JsonProperty
  public void setPrefix(String prefix) {
    this.prefix = prefix;
  }

  /** The consumer group of the dispatchers; default {@code quikqueue-dispatch}. */
  @JsonProperty
  public String getGroup() {
    return group;
  }

  @JsonProperty
  public void setGroup(String group) {
    this.group = group;
  }

  /** Partitions of a topic that is made; default 4. */
  @JsonProperty
  public int getPartitions() {
    return partitions;
  }

  @JsonProperty
  public void setPartitions(int partitions) {
    this.partitions = partitions;
  }

  /** Replicas of a topic that is made; default 1. */
  @JsonProperty
  public int getReplicationFactor() {
    return replicationFactor;
  }

  @JsonProperty
  public void setReplicationFactor(int replicationFactor) {
    this.replicationFactor = replicationFactor;
  }

  /** How long a topic that is made keeps its records, dispatched or not; default 7 days. */
  @JsonProperty
  public Duration getRetention() {
    return retention;
  }

  @JsonProperty
  public void setRetention(Duration retention) {
    this.retention = retention;
  }

  /** The longest wait for a record to be durable; default 10 s. */
  @JsonProperty
  public Duration getDeliveryTimeout() {
    return deliveryTimeout;
  }

  @JsonProperty
  public void setDeliveryTimeout(Duration deliveryTimeout) {
    this.deliveryTimeout = deliveryTimeout;
  }

  /** The longest wait for Kafka to be found, or for room in the send buffer; default 3 s. */
  @JsonProperty
  public Duration getBlockTimeout() {
    return blockTimeout;
  }

  @JsonProperty
  public void setBlockTimeout(Duration blockTimeout) {
    this.blockTimeout = blockTimeout;
  }

  /** The longest wait for any other answer; default 5 s. */
  @JsonProperty
  public Duration getAdminTimeout() {
    return adminTimeout;
  }

  @JsonProperty
  public void setAdminTimeout(Duration adminTimeout) {
    this.adminTimeout = adminTimeout;
  }

  /**
   * How often a dispatcher looks for topics of new queues; default 1 s. The group then needs one or
   * two heartbeats ({@code group.consumer.heartbeat.interval.ms} of the broker) to share them out.
   */
  @JsonProperty
  public Duration getNewQueueDelay() {
    return newQueueDelay;
  }

  @JsonProperty
  public void setNewQueueDelay(Duration newQueueDelay) {
    this.newQueueDelay = newQueueDelay;
  }

  /**
   * Further settings of every Kafka client, by Kafka's names: {@code security.protocol} and the
   * like. What this adapter sets itself cannot be changed.
   */
  @JsonProperty
  public Map<String, String> getProperties() {
    return properties;
  }

  /** Throws an IllegalArgumentException that names a setting whose value no client can have. */
  @JsonProperty
  @JsonSetter(nulls = Nulls.AS_EMPTY, contentNulls = Nulls.AS_EMPTY)
  public void setProperties(Map<String, String> properties) {
    this.properties = Map.copyOf(properties);
    Stream.of(AdminClientConfig.configDef(), ProducerConfig.configDef(), ConsumerConfig.configDef())
        .flatMap(known -> known.validate(this.properties).stream())
        .filter(value -> properties.containsKey(value.name()))
        .filter(value -> !value.errorMessages().isEmpty())
        .findFirst()
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(wrong.errorMessages().getFirst());
            });
  }

  /** Without the values of the further settings, which may be secret. */
  @Override
  public String toString() {
    return "KafkaConfig[bootstrapServers="
        + bootstrapServers
        + ", prefix="
        + prefix
        + ", group="
        + group
        + ", properties="
        + (properties.isEmpty() ? "{}" : "[REDACTED]")
        + "]";
  }
}
