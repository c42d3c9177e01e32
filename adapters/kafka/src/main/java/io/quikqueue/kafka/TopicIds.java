package io.quikqueue.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Who a topic is: a name that is deleted and recreated gets another id, and its offsets begin
 * again. Ids are asked for when partitions were assigned, which happens again for a new topic of
 * the same name. For one thread.
 */
final class TopicIds {

  private final Clients clients;
  private final long timeout;
  private final Map<String, String> ids = new HashMap<>();

  TopicIds(KafkaConfig config, Clients clients) {
    this.clients = clients;
    this.timeout = config.getAdminTimeout().toNanoseconds();
  }

  /** Asks for the ids of those of these topics that are not known. */
  void resolve(Collection<String> topics)
      throws ExecutionException, TimeoutException, InterruptedException {
    Set<String> missing = new TreeSet<>(topics);
    missing.removeAll(ids.keySet());
    if (missing.isEmpty()) {
      return;
    }
    Map<String, TopicDescription> found =
        clients
            .admin()
            .describeTopics(List.copyOf(missing))
            .allTopicNames()
            .get(timeout, TimeUnit.NANOSECONDS);
    found.forEach((topic, description) -> ids.put(topic, description.topicId().toString()));
  }

  /** The identity of a partition of a topic that was resolved. */
  String of(TopicPartition partition) {
    String id = ids.get(partition.topic());
    if (id == null) {
      throw new IllegalStateException("the id of a topic was not resolved");
    }
    return id + "-" + partition.partition();
  }

  void forget(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> ids.remove(partition.topic()));
  }
}
