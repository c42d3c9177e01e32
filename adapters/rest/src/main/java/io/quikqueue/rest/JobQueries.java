package io.quikqueue.rest;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.DeadGroupQuery;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.domain.port.JobQuery;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which jobs to list. */
final class JobQueries {

  private static final String STATE = "state";

  /** What {@code state} was called before. */
  private static final String STATUS = "status";

  private static final int USUAL_LIMIT = 50;
  private static final int MAX_LIMIT = 500;
  private static final int MAX_LABELS = 16;
  private static final int MAX_TYPE = 64;

  /** A name, a colon, and 128 characters outside the BMP. */
  private static final int MAX_LABEL = 64 + 1 + 2 * 128;

  private JobQueries() {}

  /** Throws a {@link ProblemException} that names the parameter at fault. */
  static JobQuery read(HttpServletRequest request) {
    QueryParameters query =
        new QueryParameters(
            request, Set.of(STATE, STATUS, "queue", "type", "after", "limit"), Set.of("label"));
    return new JobQuery(
        state(query),
        queue(query),
        type(query),
        labels(query),
        after(query),
        query.integer("limit", 1, MAX_LIMIT, USUAL_LIMIT));
  }

  private static @Nullable JobState state(QueryParameters query) {
    String state = query.text(STATE);
    String status = query.text(STATUS);
    if (state != null && status != null) {
      throw QueryParameters.refused(STATUS, "is the old name of state; give one of them");
    }
    String name = status == null ? STATE : STATUS;
    String text = status == null ? state : status;
    if (text == null) {
      return null;
    }
    return Arrays.stream(JobState.values())
        .filter(known -> known.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> QueryParameters.refused(name, Words.oneOfNames(JobState.class)));
  }

  /** Which groups of FAILED jobs to list; throws as {@link #read} does. */
  static DeadGroupQuery readDead(HttpServletRequest request) {
    QueryParameters query =
        new QueryParameters(request, Set.of("type", "queue", STATUS, "after", "limit"), Set.of());
    return new DeadGroupQuery(
        type(query),
        queue(query),
        deadStatus(query),
        query.text("after"),
        query.integer("limit", 1, MAX_LIMIT, USUAL_LIMIT));
  }

  private static @Nullable DeadStatus deadStatus(QueryParameters query) {
    String text = query.text(STATUS);
    if (text == null) {
      return null;
    }
    return Arrays.stream(DeadStatus.values())
        .filter(known -> known.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> QueryParameters.refused(STATUS, Words.oneOf(DeadStatus.class)));
  }

  /** Where a page of jobs begins and how many are on it at most. */
  record Page(@Nullable JobId after, int limit) {}

  /** A page of jobs that are not filtered; throws as {@link #read} does. */
  static Page readPage(HttpServletRequest request) {
    QueryParameters query = new QueryParameters(request, Set.of("after", "limit"), Set.of());
    return new Page(after(query), query.integer("limit", 1, MAX_LIMIT, USUAL_LIMIT));
  }

  /** The cursor of a page and nothing else. */
  static @Nullable JobId readAfter(HttpServletRequest request) {
    return after(new QueryParameters(request, Set.of("after"), Set.of()));
  }

  private static @Nullable String queue(QueryParameters query) {
    String queue = query.text("queue");
    return queue == null ? null : requireQueue(queue);
  }

  static String requireQueue(String queue) {
    try {
      JobSpec.requireQueue(queue);
      return queue;
    } catch (InvalidFieldException e) {
      throw QueryParameters.refused("queue", e.problem());
    }
  }

  private static @Nullable String type(QueryParameters query) {
    String type = query.text("type");
    if (type != null && (type.isEmpty() || type.length() > MAX_TYPE)) {
      throw QueryParameters.refused("type", "must be 1 to " + MAX_TYPE + " characters");
    }
    return type;
  }

  private static Map<String, String> labels(QueryParameters query) {
    Map<String, String> labels = new HashMap<>();
    for (String label : query.texts("label")) {
      String problem = problemOfLabel(label);
      if (problem != null) {
        throw QueryParameters.refused("label", problem);
      }
      int colon = label.indexOf(':');
      if (labels.put(label.substring(0, colon), label.substring(colon + 1)) != null) {
        throw QueryParameters.refused("label", "must name each label once");
      }
    }
    if (labels.size() > MAX_LABELS) {
      throw QueryParameters.refused("label", "must be given at most " + MAX_LABELS + " times");
    }
    return labels;
  }

  /** What is wrong with a label to look for; null = nothing. */
  static @Nullable String problemOfLabel(String label) {
    return label.indexOf(':') < 1 || label.length() > MAX_LABEL ? "must be name:value" : null;
  }

  private static @Nullable JobId after(QueryParameters query) {
    String after = query.text("after");
    try {
      return after == null ? null : JobId.parse(after);
    } catch (InvalidFieldException e) {
      throw QueryParameters.refused("after", "must be the next of a page before");
    }
  }
}
