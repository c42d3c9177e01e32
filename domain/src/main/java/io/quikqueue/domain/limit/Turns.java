package io.quikqueue.domain.limit;

/**
 * The turns of the groups of one queue: start-time fair queueing (Goyal, Vin and Cheng, 1996) with
 * one job as the unit. Each group has a place; the one with the lowest comes next and then moves
 * behind, by less when it has more weight. Not safe for use by several threads.
 */
public final class Turns {

  private static final long ROUND = 1_000;

  private long now;

  /** The place of a group that begins to wait: behind all that wait now, at most by a round. */
  public long enter(int weight) {
    return now + step(weight);
  }

  /** The place of a group after its job was taken. */
  public long next(long place, int weight) {
    now = Math.max(now, place);
    return place + step(weight);
  }

  private static long step(int weight) {
    return ROUND / weight;
  }
}
