package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Goes through jobs of a state in the order of their ids, a window at a time, in search of those of
 * a queue. No index has the jobs of a queue in this order, so that what one statement reads is
 * bounded by the window and not by what it finds.
 */
final class StateWalk {

  /** So many rows of any queue that one look passes. */
  private static final int WINDOW = 10_000;

  private static final String LAST =
      """
      SELECT j.id FROM jobs j <index> WHERE <in_state> j.id > :above AND j.id < :below
      ORDER BY j.id <order> LIMIT 1 OFFSET <window>\
      """;

  private static final String SELECT =
      """
      SELECT j.id FROM jobs j <index>
      WHERE j.state = <state> AND j.id > :above AND j.id < :below
        AND (:last IS NULL OR j.id <within> :last) AND j.queue = :queue AND j.node IS NULL <and>
      ORDER BY j.id <order> LIMIT :limit\
      """;

  static final byte[] BOTTOM = new byte[16];
  static final byte[] TOP = new byte[16];

  static {
    Arrays.fill(TOP, (byte) 0xff);
  }

  /** Where to look, without its ends. */
  record Range(byte[] above, byte[] below, boolean newestFirst) {}

  /**
   * What one look found.
   *
   * @param next the last job that it passed; null = there are no more
   */
  record Look(List<JobId> found, @Nullable JobId next) {}

  private final JobState state;
  private final String index;
  private final String and;
  private final Map<String, String> values;

  /**
   * @param index of the state, as a dialect names it; empty = the jobs are read by their ids
   * @param and further conditions, which begin with AND; empty = none
   * @param values what they name
   */
  StateWalk(JobState state, String index, String and, Map<String, String> values) {
    this.state = state;
    this.index = index;
    this.and = and;
    this.values = values;
  }

  Look look(Handle handle, String queue, Range range, int limit) {
    byte[] last =
        query(handle, LAST, range)
            .define("in_state", index.isEmpty() ? "" : "j.state = " + state.code() + " AND")
            .define("window", WINDOW)
            .mapTo(byte[].class)
            .findOne()
            .orElse(null);
    List<JobId> found =
        query(handle, SELECT, range)
            .define("within", range.newestFirst() ? ">=" : "<=")
            .define("and", and)
            .bindMap(values)
            .bind("last", last)
            .bind("queue", queue)
            .bind("limit", limit)
            .mapTo(byte[].class)
            .map(JobId::of)
            .list();
    JobId next = found.size() == limit ? found.getLast() : last == null ? null : JobId.of(last);
    return new Look(found, next);
  }

  private Query query(Handle handle, String sql, Range range) {
    return handle
        .createQuery(sql)
        .define("index", index)
        .define("state", state.code())
        .define("order", range.newestFirst() ? "DESC" : "")
        .bind("above", range.above())
        .bind("below", range.below());
  }
}
