package io.quikqueue.domain.workflow;

import java.util.List;
import java.util.Map;

/**
 * Which nodes of a workflow that has ended a client wants to run again.
 *
 * @param from the names of nodes, with {@link Mode#FROM} alone
 * @param payloads new ones by the names of nodes that run again; JSON texts
 */
public record RetryRequest(Mode mode, List<String> from, Map<String, String> payloads) {

  /** Which nodes. */
  public enum Mode {
    /** Those that FAILED, EXPIRED or were CANCELLED, and those that were SKIPPED behind them. */
    FAILED,
    /** Those, and whatever is behind them, however it ended. */
    FAILED_AND_DOWNSTREAM,
    ALL,
    /** Those that are named, and whatever is behind them. */
    FROM
  }

  public RetryRequest {
    from = List.copyOf(from);
    payloads = Map.copyOf(payloads);
  }
}
