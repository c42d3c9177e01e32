package io.quikqueue.domain.port;

import io.quikqueue.domain.limit.LimitTable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a worker asks the ready queue for.
 *
 * @param worker who takes
 * @param queues the queues to take from; empty = all
 * @param types the types of job to take; empty = all. The others stay where they are
 * @param limit 1 to 1,000 jobs
 * @param room how many jobs of each queue at most
 * @param lease how long they belong to the worker without a sign of life
 * @param patience how long to wait for the first job; zero = not at all
 * @param limits what may run and start; in force from this take on, unless later ones are
 * @param turns the same queues in the order in which to serve them, each for its share by weight;
 *     empty = the one served longest ago first, with equal shares. A queue without jobs has none
 */
public record TakeRequest(
    String worker,
    Set<String> queues,
    Set<String> types,
    int limit,
    QueueRoom room,
    Duration lease,
    Duration patience,
    LimitTable limits,
    List<QueueTurn> turns) {

  public TakeRequest {
    queues = Set.copyOf(queues);
    types = Set.copyOf(types);
    turns = List.copyOf(turns);
  }

  /** Serves the queue that was served longest ago first. */
  public TakeRequest(
      String worker,
      Set<String> queues,
      Set<String> types,
      int limit,
      QueueRoom room,
      Duration lease,
      Duration patience,
      LimitTable limits) {
    this(worker, queues, types, limit, room, lease, patience, limits, List.of());
  }

  /** Takes jobs under the limits that are in force. */
  public TakeRequest(
      String worker,
      Set<String> queues,
      Set<String> types,
      int limit,
      QueueRoom room,
      Duration lease,
      Duration patience) {
    this(worker, queues, types, limit, room, lease, patience, LimitTable.EMPTY);
  }

  /** Takes jobs of every type, however many of one queue. */
  public static TakeRequest ofAllTypes(
      String worker, Collection<String> queues, int limit, Duration lease, Duration patience) {
    return new TakeRequest(
        worker, Set.copyOf(queues), Set.of(), limit, QueueRoom.UNLIMITED, lease, patience);
  }

  /** The same under these limits. */
  public TakeRequest under(LimitTable others) {
    return new TakeRequest(worker, queues, types, limit, room, lease, patience, others, turns);
  }
}
