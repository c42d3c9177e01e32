package io.quikqueue.domain.port;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A worker.
 *
 * @param id unique per process start
 * @param queues the queues it serves; empty = all
 * @param types the types it takes; empty = all, which only pull workers do
 * @param slots how many jobs it runs at once; 0 or less while a process keeps a pull worker for a
 *     job that is to run alone
 * @param busy how many it runs now
 * @param running some of them, at most 1,000
 * @param startedAt by the store's clock
 * @param seenAt the last heartbeat, by the store's clock
 * @param phase whether it takes jobs, by its own account
 */
public record WorkerInfo(
    String id,
    String host,
    long pid,
    Set<String> queues,
    Set<String> types,
    int slots,
    int busy,
    List<AttemptSnapshot> running,
    Instant startedAt,
    Instant seenAt,
    Phase phase) {

  /** Whether a worker takes jobs. */
  public enum Phase {
    /** It does. */
    RUNNING,
    /** It takes none, and runs what it has. */
    DRAINING,
    /** It takes none and has none. */
    DRAINED;

    /** As people and programs read it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One that takes jobs. */
  public WorkerInfo(
      String id,
      String host,
      long pid,
      Set<String> queues,
      Set<String> types,
      int slots,
      int busy,
      List<AttemptSnapshot> running,
      Instant startedAt,
      Instant seenAt) {
    this(id, host, pid, queues, types, slots, busy, running, startedAt, seenAt, Phase.RUNNING);
  }

  public WorkerInfo {
    queues = Set.copyOf(queues);
    types = Set.copyOf(types);
    running = List.copyOf(running);
  }

  /** The same, with so many slots. */
  public WorkerInfo withSlots(int count) {
    return new WorkerInfo(
        id, host, pid, queues, types, count, busy, running, startedAt, seenAt, phase);
  }

  /** The same, under this id. */
  public WorkerInfo withId(String other) {
    return new WorkerInfo(
        other, host, pid, queues, types, slots, busy, running, startedAt, seenAt, phase);
  }

  /** The same, showing these of the attempts that it runs. */
  public WorkerInfo withRunning(List<AttemptSnapshot> shown) {
    return new WorkerInfo(
        id, host, pid, queues, types, slots, busy, shown, startedAt, seenAt, phase);
  }

  /** The same, showing these queues and types. */
  public WorkerInfo serving(Set<String> someQueues, Set<String> someTypes) {
    return new WorkerInfo(
        id, host, pid, someQueues, someTypes, slots, busy, running, startedAt, seenAt, phase);
  }

  /** The same, in this phase. */
  public WorkerInfo withPhase(Phase other) {
    return new WorkerInfo(
        id, host, pid, queues, types, slots, busy, running, startedAt, seenAt, other);
  }

  /** Whether it takes jobs of this type. */
  public boolean takes(String type) {
    return types.isEmpty() || types.contains(type);
  }

  /** Whether it takes jobs from this queue. */
  public boolean serves(String queue) {
    return queues.isEmpty() || queues.contains(queue);
  }
}
