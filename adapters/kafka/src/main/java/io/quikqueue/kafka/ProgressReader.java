package io.quikqueue.kafka;

import io.quikqueue.domain.port.JobStream;
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

/** Reads how much the topic of each queue holds and the dispatchers' group has committed. */
final class ProgressReader {

  private final Clients clients;
  private final Topics topics;
  private final String group;
  private final Predicate<String> ofJobs;
  private final long timeout;

  ProgressReader(KafkaConfig config, Clients clients, Topics topics) {
    this.topics = topics;
    this.clients = clients;
    this.group = config.getGroup();
    Pattern pattern = Topics.ofAllQueues(config.getPrefix());
    this.ofJobs = pattern.asMatchPredicate();
    this.timeout = config.getAdminTimeout().toNanoseconds();
  }

  Map<String, JobStream.Progress> read()
      throws ExecutionException, TimeoutException, InterruptedException {
    Admin admin = clients.admin();
    long deadline = System.nanoTime() + timeout;
    List<String> names = get(admin.listTopics().names(), deadline).stream().filter(ofJobs).toList();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicDescription topic :
        get(admin.describeTopics(names).allTopicNames(), deadline).values()) {
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
    Map<String, JobStream.Progress> progress = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
        get(admin.listOffsets(ends).all(), deadline).entrySet()) {
      long last = end.getValue().offset();
      long next = Math.min(last, from.getOrDefault(end.getKey(), last));
      progress.merge(
          topics.queueOf(end.getKey().topic()),
          new JobStream.Progress(last, next),
          JobStream.Progress::plus);
    }
    return progress;
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
