package io.quikqueue.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka clients of one adapter, with their settings. Producer and admin are made when first
 * needed, because making one fails while the name of a broker cannot be resolved, and anew when the
 * wall clock was set back. Safe for use by several threads.
 */
final class Clients implements AutoCloseable {

  /** A payload of 1 MiB in the most bytes its characters can take, with all that goes with it. */
  static final int MAX_MESSAGE_BYTES = 4 << 20;

  /** Room for such a message as a dead letter, with its headers. */
  static final int MAX_REQUEST_BYTES = MAX_MESSAGE_BYTES + (64 << 10);

  private static final Logger log = LoggerFactory.getLogger(Clients.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);
  private static final int RECONNECT_MS = 50;
  private static final int LONGEST_RECONNECT_MS = 1000;

  private final KafkaConfig config;
  private final ClockRollbackDetector wallClock = new ClockRollbackDetector();
  private @Nullable Producer<byte[], byte[]> producer;
  private @Nullable Admin admin;
  private boolean closed;

  Clients(KafkaConfig config) {
    this.config = config;
  }

  synchronized Producer<byte[], byte[]> producer() {
    dropWhenSetBack();
    Producer<byte[], byte[]> made = producer;
    if (made == null) {
      requireOpen();
      made =
          new KafkaProducer<>(
              producerSettings(), new ByteArraySerializer(), new ByteArraySerializer());
      producer = made;
    }
    return made;
  }

  /**
   * Recreates the producer when this is why a send failed: after Kafka lost its data it gives ids
   * again that producers still have, and two with one id refuse each other's records for ever.
   */
  synchronized void sendFailed(Throwable cause) {
    if (cause instanceof InvalidProducerEpochException && producer != null && !closed) {
      log.warn("event=producer_id_taken producer=recreated");
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  synchronized Admin admin() {
    dropWhenSetBack();
    Admin made = admin;
    if (made == null) {
      requireOpen();
      made = Admin.create(adminSettings());
      admin = made;
    }
    return made;
  }

  /** A new consumer, which the caller closes. */
  KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        consumerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public synchronized void close() {
    closed = true;
    drop();
  }

  /** Who has one of them in use is told that it is closed, and comes back for another. */
  private void dropWhenSetBack() {
    if (!closed && wallClock.noticed()) {
      log.warn("event=clock_set_back clients=recreated");
      drop();
    }
  }

  private void drop() {
    if (producer != null) {
      producer.close(CLOSE_WAIT);
      producer = null;
    }
    if (admin != null) {
      admin.close(CLOSE_WAIT);
      admin = null;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = common();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // With more, a partition that has just been made may refuse a first batch (it has no leader
    // yet), take the second, and then refuse the first as out of order until it expires.
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.getBlockTimeout().toMilliseconds());
    int delivery = millis(config.getDeliveryTimeout());
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
    // Half of it, so that a request that hangs is tried once more.
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, delivery / 2);
    return settings;
  }

  private Map<String, Object> adminSettings() {
    Map<String, Object> settings = common();
    int timeout = millis(config.getAdminTimeout());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    return settings;
  }

  private Map<String, Object> consumerSettings() {
    Map<String, Object> settings = common();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.getGroup());
    settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
    // The topic of a new queue is noticed when the metadata is next refreshed.
    settings.put(
        ConsumerConfig.METADATA_MAX_AGE_CONFIG, config.getNewQueueDelay().toMilliseconds());
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(config.getAdminTimeout()));
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(config.getAdminTimeout()));
    return settings;
  }

  private Map<String, Object> common() {
    Map<String, Object> settings = new HashMap<>(config.getProperties());
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.getBootstrapServers());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "quikqueue");
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_MS);
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_MS);
    settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  private static int millis(io.dropwizard.util.Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMilliseconds());
  }
}
