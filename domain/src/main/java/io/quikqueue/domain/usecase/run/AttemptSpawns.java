package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.port.SpawnRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The nodes that an attempt adds to its workflow if it succeeds. Safe for several threads. */
final class AttemptSpawns {

  /** What a node has in memory besides its payload, as characters; an estimate. */
  private static final long CHARS_OF_ONE = 600;

  private final Job job;
  private final NodeSpawner spawner;
  private final List<SpawnedNode> all = new ArrayList<>(0);

  AttemptSpawns(Job job, NodeSpawner spawner) {
    this.job = job;
    this.spawner = spawner;
  }

  /** See {@link io.quikqueue.domain.port.JobRun#spawn}. */
  synchronized void add(List<SpawnRequest> nodes, Instant now) {
    all.addAll(toAdd(nodes, now));
  }

  /** What would be added. */
  synchronized List<SpawnedNode> toAdd(List<SpawnRequest> nodes, Instant now) {
    return spawner.make(job, all, nodes, now);
  }

  synchronized List<SpawnedNode> all() {
    return List.copyOf(all);
  }

  /** The length of their payloads. */
  static long chars(List<SpawnedNode> nodes) {
    long chars = 0;
    for (SpawnedNode node : nodes) {
      chars += node.job().spec().payload().length();
    }
    return chars;
  }

  /** What they take of memory, as characters. */
  static long weight(List<SpawnedNode> nodes) {
    return chars(nodes) + CHARS_OF_ONE * nodes.size();
  }
}
