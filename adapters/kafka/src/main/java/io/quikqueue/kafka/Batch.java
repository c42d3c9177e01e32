package io.quikqueue.kafka;

import io.quikqueue.domain.job.UnreadableMessageException;
import io.quikqueue.domain.port.StreamRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Records that were polled and not dispatched yet. For one thread. */
final class Batch {

  private List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

  void add(ConsumerRecords<byte[], byte[]> polled) {
    polled.forEach(records::add);
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  Set<String> topics() {
    Set<String> topics = new TreeSet<>();
    records.forEach(record -> topics.add(record.topic()));
    return topics;
  }

  /** Drops what another consumer will get. */
  void drop(Collection<TopicPartition> lost) {
    records.removeIf(record -> lost.contains(partition(record)));
  }

  /** The first of the records, as many as one push may hold. */
  Part first(int limit) {
    return new Part(List.copyOf(records.subList(0, Math.min(limit, records.size()))));
  }

  /** Drops the first part, which was dispatched. */
  void done(Part first) {
    records = new ArrayList<>(records.subList(first.records.size(), records.size()));
  }

  private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** Some records, read. */
  static final class Part {

    private final List<ConsumerRecord<byte[], byte[]>> records;

    private Part(List<ConsumerRecord<byte[], byte[]>> records) {
      this.records = records;
    }

    /**
     * The jobs among them.
     *
     * @param unreadable gets the others
     */
    List<StreamRecord> jobs(TopicIds ids, Collection<DeadLetters.Unreadable> unreadable) {
      List<StreamRecord> jobs = new ArrayList<>(records.size());
      Map<TopicPartition, String> identities = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        try {
          String identity = identities.computeIfAbsent(partition(record), ids::of);
          jobs.add(RecordReader.read(record, identity));
        } catch (UnreadableMessageException e) {
          unreadable.add(new DeadLetters.Unreadable(record, String.valueOf(e.getMessage())));
        }
      }
      return jobs;
    }

    /** Where to go on after them, per partition. */
    Map<TopicPartition, OffsetAndMetadata> next() {
      Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        next.put(partition(record), new OffsetAndMetadata(record.offset() + 1));
      }
      return next;
    }
  }
}
