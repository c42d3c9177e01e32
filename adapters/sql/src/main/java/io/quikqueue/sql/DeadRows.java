package io.quikqueue.sql;

import io.quikqueue.domain.dead.FailureKind;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.DeadLetters;
import io.quikqueue.domain.port.DeadStatus;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a transaction writes about jobs that become FAILED or cease to be: which group each is in,
 * and the counters of the groups. A group's own row is written only when it is new or is opened
 * again; its counters are spread over slots, one update for all of a batch, so that many failures
 * of one kind do not wait for each other.
 */
final class DeadRows {

  private static final String SELECT_JOBS =
      "SELECT job_id, group_id, queue FROM dead_jobs WHERE job_id IN (%s)";
  private static final String SELECT_GROUPS = "SELECT id, status FROM dead_groups WHERE id IN (%s)";
  private static final String COUNT_GROUPS = "SELECT COUNT(*) FROM dead_groups";
  private static final String REOPEN =
      "UPDATE dead_groups SET status = ?, status_by = NULL, status_at = ? WHERE id = ? AND status ="
          + " ?";
  private static final String INSERT_GROUPS =
      """
      INSERT INTO dead_groups (id, type, error_class, message, status, first_seen_at) VALUES\
      """;
  private static final String INSERT_JOBS =
      "INSERT INTO dead_jobs (job_id, group_id, queue) VALUES";
  private static final int MOST = 512;

  /**
   * A job that has become FAILED.
   *
   * @param seen when, in microseconds
   */
  private record Dead(Job job, FailureKind kind, String group, long seen) {

    Dead in(FailureKind other) {
      return new Dead(job, other, other.id(), seen);
    }
  }

  private final Dialect dialect;

  DeadRows(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Writes what changes of jobs bring along; most bring nothing. */
  void changed(Connection connection, Commit commit, List<Step> steps) throws SQLException {
    List<JobId> touched = new ArrayList<>();
    List<Dead> dead = new ArrayList<>();
    Map<FailureKind, String> ids = new HashMap<>();
    for (Step step : steps) {
      Job after = step.change().after();
      FailureKind kind = FailureKind.of(step.change());
      if (kind != null) {
        String group = ids.computeIfAbsent(kind, FailureKind::id);
        dead.add(new Dead(after, kind, group, Micros.of(after.updatedAt())));
      }
      if (kind != null || step.change().leftFailed()) {
        touched.add(after.id());
      }
    }
    if (touched.isEmpty()) {
      return;
    }
    DeadCounts counts = new DeadCounts();
    takeOut(connection, touched, counts);
    if (!dead.isEmpty()) {
      List<Dead> placed = place(connection, commit, dead);
      commit.insert(
          INSERT_JOBS,
          3,
          dialect.keepExisting("queue"),
          placed,
          (to, at, each) -> bind(to, at, each));
      placed.forEach(each -> counts.add(each.group(), each.job().spec().queue(), 1, each.seen()));
    }
    counts.write(commit, dialect);
  }

  /** Takes jobs out of their groups that are deleted, or are not FAILED any more. */
  void gone(Connection connection, Commit commit, List<JobId> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    DeadCounts counts = new DeadCounts();
    takeOut(connection, jobs, counts);
    counts.write(commit, dialect);
  }

  /** A job that becomes FAILED may be in a group too, if an older version took it out of none. */
  private void takeOut(Connection connection, List<JobId> jobs, DeadCounts counts)
      throws SQLException {
    List<JobId> present = new ArrayList<>();
    Ids.query(
        connection,
        SELECT_JOBS,
        jobs,
        row -> {
          present.add(JobId.of(row.getBytes(1)));
          counts.add(GroupId.text(row.getBytes(2)), row.getString(3), -1, 0);
        });
    if (!present.isEmpty()) {
      Ids.update(connection, dialect.deleteByKey("dead_jobs") + " WHERE job_id IN (%s)", present);
    }
  }

  /** Makes the groups that are not there, and opens those that were resolved. */
  private List<Dead> place(Connection connection, Commit commit, List<Dead> dead)
      throws SQLException {
    Map<String, Integer> known = statuses(connection, groups(dead));
    Map<String, Dead> fresh = firstsOfMissing(dead, known);
    List<Dead> placed = dead;
    int room = fresh.isEmpty() ? 0 : room(connection);
    if (fresh.size() > room) {
      List<String> made = List.copyOf(fresh.keySet()).subList(0, room);
      placed =
          dead.stream()
              .map(
                  each ->
                      known.containsKey(each.group()) || made.contains(each.group())
                          ? each
                          : each.in(each.kind().others()))
              .toList();
      known.putAll(statuses(connection, groups(placed)));
      fresh = firstsOfMissing(placed, known);
    }
    reopen(connection, placed, known);
    commit.insert(
        INSERT_GROUPS,
        6,
        dialect.keepExisting("type"),
        List.copyOf(fresh.values()),
        (to, at, each) -> bindGroup(to, at, each));
    return placed;
  }

  private static Collection<String> groups(List<Dead> dead) {
    return dead.stream().map(Dead::group).distinct().sorted().toList();
  }

  /** In the order of their ids, in which every transaction writes them. */
  private static Map<String, Dead> firstsOfMissing(List<Dead> dead, Map<String, Integer> known) {
    Map<String, Dead> firsts = new TreeMap<>();
    for (Dead each : dead) {
      if (!known.containsKey(each.group())) {
        firsts.putIfAbsent(each.group(), each);
      }
    }
    return firsts;
  }

  private static int room(Connection connection) throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(COUNT_GROUPS);
        ResultSet rows = count.executeQuery()) {
      return rows.next() ? Math.max(0, DeadLetters.MOST - rows.getInt(1)) : 0;
    }
  }

  private static Map<String, Integer> statuses(Connection connection, Collection<String> groups)
      throws SQLException {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    List<String> all = List.copyOf(groups);
    for (int from = 0; from < all.size(); from += MOST) {
      List<String> part = all.subList(from, Math.min(from + MOST, all.size()));
      String sql = SELECT_GROUPS.formatted(MultiRow.marks(part.size()));
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        for (int i = 0; i < MultiRow.padded(part.size()); i++) {
          select.setBytes(i + 1, GroupId.bytes(part.get(Math.min(i, part.size() - 1))));
        }
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            statuses.put(GroupId.text(rows.getBytes(1)), rows.getInt(2));
          }
        }
      }
    }
    return statuses;
  }

  private static void reopen(Connection connection, List<Dead> placed, Map<String, Integer> known)
      throws SQLException {
    Map<String, Dead> resolved = new TreeMap<>();
    for (Dead each : placed) {
      if (Integer.valueOf(code(DeadStatus.RESOLVED)).equals(known.get(each.group()))) {
        resolved.putIfAbsent(each.group(), each);
      }
    }
    MultiRow.executeEach(
        connection,
        REOPEN,
        List.copyOf(resolved.values()),
        (to, at, each) -> {
          to.setInt(at + 1, code(DeadStatus.OPEN));
          to.setLong(at + 2, each.seen());
          to.setBytes(at + 3, GroupId.bytes(each.group()));
          to.setInt(at + 4, code(DeadStatus.RESOLVED));
        });
  }

  private static void bind(PreparedStatement to, int at, Dead each) throws SQLException {
    to.setBytes(at + 1, each.job().id().bytes());
    to.setBytes(at + 2, GroupId.bytes(each.group()));
    to.setString(at + 3, each.job().spec().queue());
  }

  private static void bindGroup(PreparedStatement to, int at, Dead each) throws SQLException {
    to.setBytes(at + 1, GroupId.bytes(each.group()));
    to.setString(at + 2, each.kind().type());
    to.setBytes(at + 3, Utf8.orNull(each.kind().errorClass()));
    to.setBytes(at + 4, Utf8.orNull(each.kind().message()));
    to.setInt(at + 5, code(DeadStatus.OPEN));
    to.setLong(at + 6, each.seen());
  }

  static int code(DeadStatus status) {
    return switch (status) {
      case OPEN -> 1;
      case RESOLVED -> 2;
      case IGNORED -> 3;
    };
  }

  static DeadStatus status(int code) {
    for (DeadStatus status : DeadStatus.values()) {
      if (code(status) == code) {
        return status;
      }
    }
    throw new IllegalStateException("no status of a group has the code " + code);
  }
}
