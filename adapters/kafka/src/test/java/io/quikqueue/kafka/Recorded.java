package io.quikqueue.kafka;

import io.quikqueue.contracts.StreamRecords;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.StreamRecord;
import io.quikqueue.domain.port.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A ready queue that keeps what is dispatched, fills up at a high-water mark, and can be down. */
final class Recorded implements Dispatching {

  private final List<StreamRecord> announced = new ArrayList<>();
  private final Map<String, Long> depth = new HashMap<>();
  private long highWater = Long.MAX_VALUE;
  private boolean down;
  private int refused;

  @Override
  public synchronized Set<String> dispatch(List<StreamRecord> batch) {
    requireUp();
    Set<String> full = new TreeSet<>();
    for (StreamRecord each : batch) {
      announced.add(each);
      String queue = each.envelope().queue();
      if (depth.merge(queue, 1L, Long::sum) > highWater) {
        full.add(queue);
      }
    }
    return full;
  }

  @Override
  public synchronized Map<String, Long> depth() {
    requireUp();
    return Map.copyOf(depth);
  }

  private void requireUp() {
    if (down) {
      refused++;
      throw new UnavailableException("ready queue", "switched off");
    }
  }

  synchronized void highWater(long jobs) {
    highWater = jobs;
  }

  synchronized void down(boolean now) {
    down = now;
  }

  synchronized int refused() {
    return refused;
  }

  /** The jobs of a queue were run. */
  synchronized void drain(String queue) {
    depth.remove(queue);
  }

  synchronized List<StreamRecord> announced() {
    return List.copyOf(announced);
  }

  synchronized int size() {
    return announced.size();
  }

  synchronized List<Job> jobs() {
    return StreamRecords.jobs(announced);
  }

  synchronized long count(String queue) {
    return announced.stream().filter(each -> each.envelope().queue().equals(queue)).count();
  }
}
