package io.quikqueue.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Counts the records that the dispatchers' group has not committed. */
final class Lag {

  private final Clients clients;
  private final String group;
  private final Predicate<String> ofJobs;
  private final long timeout;

  Lag(KafkaConfig config, Clients clients) {
    this.clients = clients;
    this.group = config.getGroup();
    Pattern pattern = Topics.ofAllQueues(config.getPrefix());
    this.ofJobs = pattern.asMatchPredicate();
    this.timeout = config.getAdminTimeout().toNanoseconds();
  }

  long count() throws ExecutionException, TimeoutException, InterruptedException {
    Admin admin = clients.admin();
    long deadline = System.nanoTime() + timeout;
    List<String> topics =
        get(admin.listTopics().names(), deadline).stream().filter(ofJobs).toList();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicDescription topic :
        get(admin.describeTopics(topics).allTopicNames(), deadline).values()) {
      topic
          .partitions()
          .forEach(
              partition ->
                  ends.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, deadline);
    Map<TopicPartition, OffsetSpec> begins = new HashMap<>();
    Map<TopicPartition, Long> from = new HashMap<>();
    for (TopicPartition partition : ends.keySet()) {
      OffsetAndMetadata next = committed.get(partition);
      if (next == null) {
        begins.put(partition, OffsetSpec.earliest());
      } else {
        from.put(partition, next.offset());
      }
    }
    get(admin.listOffsets(begins).all(), deadline)
        .forEach((partition, begin) -> from.put(partition, begin.offset()));
    long lag = 0;
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        get(admin.listOffsets(ends).all(), deadline).entrySet()) {
      long last = end.getValue().offset();
      lag += Math.max(0, last - from.getOrDefault(end.getKey(), last));
    }
    return lag;
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, long deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      return get(
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group), deadline);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of(); // no dispatcher ever ran
      }
      throw e;
    }
  }

  private static <T> T get(KafkaFuture<T> future, long deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
