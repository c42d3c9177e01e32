package io.quikqueue.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.quikqueue.domain.job.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the status of an answer means to a job. No status is in two lists, but for those of {@code
 * accept} when the job does not give it: then the other lists go first.
 *
 * @param accept success
 * @param retryOn failures that may pass
 * @param failOn failures for good
 */
record StatusRules(List<StatusRange> accept, List<StatusRange> retryOn, List<StatusRange> failOn) {

  private static final int MOST = 32;
  private static final List<StatusRange> SUCCESS = List.of(StatusRange.SUCCESS);
  private static final Set<Integer> MAY_PASS = Set.of(408, 409, 423, 425, 429);

  /** What becomes of an attempt. */
  enum Verdict {
    SUCCESS,
    RETRIED,
    PERMANENT
  }

  StatusRules {
    accept = List.copyOf(accept);
    retryOn = List.copyOf(retryOn);
    failOn = List.copyOf(failOn);
  }

  /**
   * Reads the lists {@code accept}, {@code retry_on} and {@code fail_on} of a payload, of statuses
   * each: {@code 204}, {@code "2xx"}, {@code "200-204"}.
   *
   * @throws InvalidFieldException naming the list at fault, also when a status stands in two
   */
  static StatusRules parse(JsonNode payload) {
    List<StatusRange> accept = list(payload, "accept");
    List<StatusRange> retryOn = list(payload, "retry_on");
    List<StatusRange> failOn = list(payload, "fail_on");
    requireApart(retryOn, "retry_on", accept, "accept");
    requireApart(failOn, "fail_on", accept, "accept");
    requireApart(failOn, "fail_on", retryOn, "retry_on");
    return new StatusRules(accept.isEmpty() ? SUCCESS : accept, retryOn, failOn);
  }

  Verdict of(int status) {
    if (contains(retryOn, status)) {
      return Verdict.RETRIED;
    }
    if (contains(failOn, status)) {
      return Verdict.PERMANENT;
    }
    if (contains(accept, status)) {
      return Verdict.SUCCESS;
    }
    boolean unexpected = StatusRange.SUCCESS.contains(status);
    return unexpected || mayPass(status) ? Verdict.RETRIED : Verdict.PERMANENT;
  }

  /** Whether the server says by this status that the same call may succeed later. */
  static boolean mayPass(int status) {
    return status >= 500 || MAY_PASS.contains(status);
  }

  private static boolean contains(List<StatusRange> ranges, int status) {
    return ranges.stream().anyMatch(range -> range.contains(status));
  }

  /** Empty = not given. */
  private static List<StatusRange> list(JsonNode payload, String field) {
    JsonNode json = payload.path(field);
    if (json.isMissingNode()) {
      return List.of();
    }
    if (!json.isArray() || json.isEmpty() || json.size() > MOST) {
      throw new InvalidFieldException(field, "must be a list of 1 to " + MOST + " statuses");
    }
    List<StatusRange> ranges = new ArrayList<>();
    for (JsonNode item : json) {
      if (!item.isTextual() && !item.isInt()) {
        throw new InvalidFieldException(field, "must hold numbers and strings");
      }
      try {
        ranges.add(StatusRange.parse(item.asText()));
      } catch (IllegalArgumentException e) {
        throw new InvalidFieldException(field, String.valueOf(e.getMessage()));
      }
    }
    return ranges;
  }

  private static void requireApart(
      List<StatusRange> ranges, String field, List<StatusRange> others, String otherField) {
    for (StatusRange range : ranges) {
      for (StatusRange other : others) {
        int both = Math.max(range.from(), other.from());
        if (both <= Math.min(range.to(), other.to())) {
          throw new InvalidFieldException(
              field, "must not name " + both + ", which " + otherField + " names too");
        }
      }
    }
  }
}
