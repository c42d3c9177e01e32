package io.quikqueue.kafka;

import io.quikqueue.domain.job.JobSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The names of the topics, and their making. Safe for use by several threads. */
final class Topics {

  private static final int REMEMBERED = 10_000;

  private final KafkaConfig config;
  private final Clients clients;
  private final Set<String> made = ConcurrentHashMap.newKeySet();

  Topics(KafkaConfig config, Clients clients) {
    this.config = config;
    this.clients = clients;
  }

  /** The topic of a queue's jobs. */
  static String ofQueue(String prefix, String queue) {
    // Kafka takes "." and "_" for the same; queue names have no capitals, so this keeps them apart.
    return prefix + "jobs." + queue.replace('_', 'U');
  }

  String ofQueue(String queue) {
    return ofQueue(config.getPrefix(), queue);
  }

  /** The queue that a topic is of. */
  String queueOf(String topic) {
    return topic.substring(ofQueue("").length()).replace('U', '_');
  }

  /** What the topics of all queues match, and no other topic. */
  static Pattern ofAllQueues(String prefix) {
    return Pattern.compile(Pattern.quote(prefix + "jobs.") + ".+");
  }

  String deadLetter() {
    return config.getPrefix() + "dead-letter";
  }

  /** Where others are told of jobs that FAILED. */
  String dead() {
    return config.getPrefix() + "dead";
  }

  /** Makes the topics that everything needs. */
  void ensureBasics() throws ExecutionException, TimeoutException, InterruptedException {
    ensure(List.of(ofQueue(JobSpec.DEFAULT_QUEUE), deadLetter()));
  }

  /** Makes the topics that do not exist yet; asks Kafka once for each. */
  void ensure(Collection<String> topics)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<NewTopic> missing = new ArrayList<>();
    for (String topic : topics) {
      if (!made.contains(topic)) {
        missing.add(
            new NewTopic(topic, config.getPartitions(), (short) config.getReplicationFactor())
                .configs(
                    Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(
                            topic.equals(deadLetter())
                                ? Clients.MAX_REQUEST_BYTES
                                : Clients.MAX_MESSAGE_BYTES),
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(config.getRetention().toMilliseconds()))));
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    long deadline = System.nanoTime() + config.getAdminTimeout().toNanoseconds();
    CreateTopicsResult result = clients.admin().createTopics(missing);
    for (NewTopic topic : missing) {
      try {
        Objects.requireNonNull(result.values().get(topic.name()))
            .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
      if (made.size() < REMEMBERED) {
        made.add(topic.name());
      }
    }
  }

  /** Makes sure that these are asked for again: they may have been deleted. */
  void forget(Collection<String> topics) {
    made.removeAll(topics);
  }
}
