package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.limit.OnLimit;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.sql.WaitingCounts.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps new jobs to the number that may wait. The table {@code waiting_counts} has a row for each
 * queue and each group with such a limit, which a transaction that stores jobs there locks until it
 * ends: so of two that come at once the second counts what the first has stored. Of a queue nothing
 * is counted there: {@code queue_counts} has the numbers. Of a group the row has it, kept by {@link
 * WaitingCounts}.
 */
final class WaitingRows {

  private static final String LOCK = "INSERT INTO waiting_counts (queue, job_group, n) VALUES";
  private static final String COUNT =
      "SELECT COALESCE(SUM(n), 0) FROM queue_counts WHERE queue = ? AND kind IN ("
          + QueueCounts.WAITING
          + ")";

  private static final String COUNT_GROUPS =
      "SELECT queue, job_group, n FROM waiting_counts WHERE (queue = ? AND job_group = ?)";
  private static final String OR_GROUP = " OR (queue = ? AND job_group = ?)";
  private static final int GROUPS_AT_ONCE = 100;

  /** The row of a queue, which has no group, is never empty: it counts nothing. */
  private static final String EMPTY =
      "SELECT queue, job_group FROM waiting_counts WHERE n <= 0 AND LENGTH(job_group) > 0 LIMIT"
          + " 1000";

  private static final String DELETE_EMPTY = " WHERE queue = ? AND job_group = ? AND n <= 0";

  private final Dialect dialect;

  WaitingRows(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Refuses those new jobs that there is no room for, in the order in which they come.
   *
   * @param fresh jobs that are not stored yet
   */
  Map<JobId, SubmitResult> refuse(Connection connection, List<Submission> fresh)
      throws SQLException {
    List<Submission> limited = new ArrayList<>();
    for (Submission each : fresh) {
      if (!each.maxWaiting().equals(MaxWaiting.ANY) && !keysOf(each).isEmpty()) {
        limited.add(each);
      }
    }
    if (limited.isEmpty()) {
      return Map.of();
    }
    Map<Key, Long> waiting = locked(connection, limited);
    Map<JobId, SubmitResult> refused = new HashMap<>();
    for (Submission each : limited) {
      SubmitResult.Full full = full(each, waiting);
      if (full == null) {
        keysOf(each).forEach(key -> waiting.computeIfPresent(key, (_, n) -> n + 1));
      } else {
        refused.put(each.job().id(), full);
      }
    }
    return refused;
  }

  private static SubmitResult.@Nullable Full full(Submission job, Map<Key, Long> waiting) {
    MaxWaiting.OfOwner owner = job.maxWaiting().ofOwner();
    for (Key key : keysOf(job)) {
      if (owner != null && key.queue().isEmpty()) {
        long now = waiting.getOrDefault(key, 0L);
        if (now >= owner.most()) {
          String queue = job.job().spec().queue();
          return new SubmitResult.Full(queue, null, owner.owner(), now, owner.most());
        }
        continue;
      }
      boolean isGroup = !key.group().isEmpty();
      Integer most = isGroup ? job.maxWaiting().ofGroup() : job.maxWaiting().ofQueue();
      Long now = waiting.get(key);
      if (most != null && now != null && now >= most) {
        return new SubmitResult.Full(key.queue(), isGroup ? key.group() : null, now, most);
      }
    }
    return null;
  }

  /** What a job needs room in: what its owner has first, then its queue. */
  private static List<Key> keysOf(Submission job) {
    List<Key> keys = new ArrayList<>(3);
    MaxWaiting.OfOwner owner = job.maxWaiting().ofOwner();
    if (owner != null) {
      keys.add(Key.ofOwner(owner.owner()));
    }
    if (job.maxWaiting().onLimit() == OnLimit.CANCEL_OLDEST) {
      return keys;
    }
    if (job.maxWaiting().ofQueue() != null) {
      keys.add(new Key(job.job().spec().queue(), ""));
    }
    Key group = job.maxWaiting().ofGroup() == null ? null : Key.of(job.job().spec());
    if (group != null) {
      keys.add(group);
    }
    return keys;
  }

  /** How many wait where there is a limit, as it stays until this transaction ends. */
  private Map<Key, Long> locked(Connection connection, List<Submission> limited)
      throws SQLException {
    TreeSet<Key> keys = new TreeSet<>();
    limited.forEach(each -> keys.addAll(keysOf(each)));
    dialect.insert(
        connection,
        LOCK,
        3,
        dialect.keepExisting("n"),
        List.copyOf(keys),
        _ -> 0,
        (to, at, key) -> {
          to.setString(at + 1, key.queue());
          to.setBytes(at + 2, key.groupBytes());
          to.setLong(at + 3, 0);
        });
    Map<Key, Long> waiting = new HashMap<>();
    List<Key> groups = new ArrayList<>();
    for (Key key : keys) {
      if (key.group().isEmpty()) {
        waiting.put(key, count(connection, key.queue()));
      } else {
        groups.add(key);
      }
    }
    for (int from = 0; from < groups.size(); from += GROUPS_AT_ONCE) {
      count(
          connection,
          groups.subList(from, Math.min(groups.size(), from + GROUPS_AT_ONCE)),
          waiting);
    }
    return waiting;
  }

  private static void count(Connection connection, List<Key> groups, Map<Key, Long> into)
      throws SQLException {
    String sql = COUNT_GROUPS + OR_GROUP.repeat(groups.size() - 1);
    try (PreparedStatement count = connection.prepareStatement(sql)) {
      int at = 0;
      for (Key key : groups) {
        count.setString(++at, key.queue());
        count.setBytes(++at, key.groupBytes());
      }
      try (ResultSet row = count.executeQuery()) {
        while (row.next()) {
          String group = Utf8.text(row, 2);
          into.put(new Key(row.getString(1), group), row.getLong(3));
        }
      }
    }
  }

  /** Deletes rows of groups of which no job waits. */
  static void deleteEmpty(Database database) {
    List<Key> empty =
        database.read(
            handle ->
                handle
                    .createQuery(EMPTY)
                    .map((row, _) -> new Key(row.getString(1), Utf8.text(row, 2)))
                    .list());
    if (!empty.isEmpty()) {
      database.writeEach(
          handle ->
              MultiRow.executeEach(
                  handle.getConnection(),
                  database.dialect().deleteByKey("waiting_counts") + DELETE_EMPTY,
                  empty,
                  (to, at, key) -> {
                    to.setString(at + 1, key.queue());
                    to.setBytes(at + 2, key.groupBytes());
                  }));
    }
  }

  /** How many wait in a queue, or of a group there of those that count. */
  static long count(Connection connection, Key of) throws SQLException {
    if (of.group().isEmpty()) {
      return count(connection, of.queue());
    }
    Map<Key, Long> waiting = new HashMap<>(2);
    count(connection, List.of(of), waiting);
    return waiting.getOrDefault(of, 0L);
  }

  private static long count(Connection connection, String queue) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(COUNT)) {
      count.setString(1, queue);
      try (ResultSet row = count.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
