package io.quikqueue.simulation;

import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.usecase.dispatch.Dispatch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A consumer process: polls, dispatches, then commits, and joins anew when it was put out. */
final class ConsumerGroupMember implements Actor {

  private static final int NOT_JOINED = -1;

  private final String name;
  private final Simulation world;
  private final Dispatch dispatch;
  private final int[] position = new int[Partitions.COUNT];
  private final Set<String> full = new HashSet<>();
  private int generation = NOT_JOINED;

  ConsumerGroupMember(String name, Simulation world, long highWater) {
    this.name = name;
    this.world = world;
    this.dispatch = new Dispatch(world.target, highWater, Meter.NONE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void act(SplittableRandom random) {
    if (generation == NOT_JOINED || random.nextInt(8) == 0) {
      join();
    }
    move(random.nextInt(Partitions.COUNT), 1 + random.nextInt(3));
  }

  private void join() {
    generation = world.reading.join();
    for (int i = 0; i < position.length; i++) {
      position[i] = world.reading.committed(i);
    }
  }

  private boolean move(int partition, int limit) {
    if (!full.isEmpty()) {
      Map<String, Long> depth = dispatch.depth();
      full.removeIf(queue -> depth.getOrDefault(queue, 0L) < dispatch.lowWater());
    }
    List<StreamRecord> batch =
        full.isEmpty()
            ? world.reading.poll(generation, partition, position[partition], limit)
            : List.of();
    if (batch.isEmpty()) {
      return false;
    }
    int next = position[partition] + batch.size();
    if (world.broken == Broken.COMMITS_BEFORE_PUSH) {
      commit(partition, next);
      full.addAll(dispatch.dispatch(batch));
    } else {
      full.addAll(dispatch.dispatch(batch));
      position[partition] = next;
      commit(partition, next);
    }
    return true;
  }

  private void commit(int partition, int offset) {
    position[partition] = offset;
    if (!world.reading.commit(generation, partition, offset)) {
      generation = NOT_JOINED;
    }
  }

  @Override
  public void die() {
    generation = NOT_JOINED;
    full.clear();
  }

  @Override
  public void settle() {
    join();
    for (int i = 0; i < Partitions.COUNT; i++) {
      while (move(i, 100)) {
        // goes on to the end
      }
    }
  }
}
