package io.quikqueue.domain.port;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workers that are alive, and the types of job they have ever offered. All methods throw {@link
 * UnavailableException}.
 */
public interface Workers {

  /** Records one heartbeat, as {@link #heartbeats} does several. */
  default void heartbeat(WorkerInfo worker) {
    heartbeats(List.of(worker));
  }

  /**
   * Records that workers are alive and what they run, all or none of them; kept until it is older
   * than {@code live} asks for. The store's clock sets both times: the first heartbeat of an id
   * that it keeps is {@code startedAt}, this one is {@code seenAt}; those of the argument are
   * ignored.
   *
   * @param workers at most 100
   */
  void heartbeats(List<WorkerInfo> workers);

  /** Removes a worker that stopped in order. */
  void remove(String worker);

  /** Workers heard of within this time, by the store's clock, sorted by id. At most 1,000. */
  List<WorkerInfo> live(Duration within);

  /** Every type that a worker ever offered and that was not forgotten since. */
  Set<String> types();

  /**
   * Forgets the types, with their schemas, that no worker has offered for so long; which is known
   * to the hour.
   *
   * @param unused by the store's clock, at least some hours
   */
  void forgetTypes(Duration unused);

  /**
   * Keeps JSON Schemas of payloads by type, in place of those kept of these types before; the types
   * count as offered.
   *
   * @param schemas null = payloads of this type may be anything
   */
  void describe(Map<String, @Nullable String> schemas);

  /** The schemas kept by {@link #describe}, by type; without the types that have none. */
  Map<String, String> schemas();
}
