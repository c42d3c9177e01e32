package io.quikqueue.simulation;

import io.quikqueue.contracts.StreamRecords;
import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.JobStream;
import io.quikqueue.domain.port.StreamRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A stream of two partitions with one group of consumers: who reads, from where, who may commit.
 */
final class Partitions implements JobStream, Reading {

  static final int COUNT = 2;

  private final List<Partition> partitions = new ArrayList<>();
  private int generation;
  private int made;

  private static final class Partition {
    private final String identity;
    private final int since;
    private final List<StreamRecord> records = new ArrayList<>();
    private int committed;

    private Partition(String identity, int since) {
      this.identity = identity;
      this.since = since;
    }
  }

  Partitions() {
    for (int i = 0; i < COUNT; i++) {
      partitions.add(new Partition("p" + made++, generation));
    }
  }

  @Override
  public void announce(List<Job> jobs) {
    for (Job job : jobs) {
      Partition partition = partition(job);
      partition.records.add(StreamRecords.of(job, partition.identity, partition.records.size()));
    }
  }

  private Partition partition(Job job) {
    return partitions.get((int) (job.id().value().getLeastSignificantBits() & 1));
  }

  @Override
  public Map<String, Progress> progress() {
    return Map.of(
        JobSpec.DEFAULT_QUEUE,
        partitions.stream()
            .map(p -> new Progress(p.records.size(), p.committed))
            .reduce(new Progress(0, 0), Progress::plus));
  }

  @Override
  public int join() {
    return ++generation;
  }

  @Override
  public int committed(int partition) {
    return partitions.get(partition).committed;
  }

  @Override
  public List<StreamRecord> poll(int by, int partition, int offset, int limit) {
    Partition from = partitions.get(partition);
    List<StreamRecord> batch = new ArrayList<>();
    if (by < from.since) {
      return batch; // it asks for the partition that was there before, by its identity
    }
    for (int i = offset; i < from.records.size() && batch.size() < limit; i++) {
      batch.add(from.records.get(i));
    }
    return batch;
  }

  @Override
  public boolean commit(int by, int partition, int offset) {
    if (by != generation) {
      return false;
    }
    partitions.get(partition).committed = offset;
    return true;
  }

  /** A partition loses its records and begins anew; its consumer has to join again. */
  void lose(int partition) {
    generation++;
    partitions.set(partition, new Partition("p" + made++, generation));
  }

  /** The attempts whose records are not committed. */
  Set<AttemptId> underWay() {
    Set<AttemptId> attempts = new HashSet<>();
    for (Partition partition : partitions) {
      for (int i = partition.committed; i < partition.records.size(); i++) {
        attempts.add(partition.records.get(i).envelope().attempt());
      }
    }
    return attempts;
  }
}
