package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code ordering_lines}: who is last in the line of each ordering key; a line that
 * nobody stands in has no row. Whoever adds a job to a line or takes one out has its row locked,
 * before any job, and rows in ascending order: so two of them never wait for each other in a
 * circle, and what they read of the line is so until they commit.
 */
final class OrderingLines {

  private static final String SELECT =
      "SELECT line, last_job FROM %s WHERE line IN (%s) ORDER BY line ";
  private static final String INSERT = "INSERT INTO ordering_lines (line, last_job) VALUES";
  private static final String UPDATE = "UPDATE ordering_lines SET last_job = ? WHERE line = ?";
  private static final String DELETE = "DELETE FROM ordering_lines WHERE line = ?";
  private static final int MOST = 512;

  /** A job at the end of its line, behind another. */
  record Place(JobId job, JobId needs) {}

  private record End(LineId line, JobId last) {}

  private final Dialect dialect;

  OrderingLines(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Locks lines until the end of the transaction; returns who is last in those that are there. */
  Map<LineId, JobId> lock(Connection connection, Collection<LineId> lines) throws SQLException {
    Map<LineId, JobId> last = new HashMap<>();
    List<LineId> sorted = List.copyOf(new TreeSet<>(lines));
    for (int from = 0; from < sorted.size(); from += MOST) {
      List<LineId> part = sorted.subList(from, Math.min(from + MOST, sorted.size()));
      String sql =
          SELECT.formatted(dialect.byKey("ordering_lines"), MultiRow.marks(part.size()))
              + dialect.forUpdate();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < MultiRow.padded(part.size()); i++) {
          statement.setBytes(i + 1, part.get(Math.min(i, part.size() - 1)).bytes());
        }
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            last.put(LineId.read(rows.getBytes(1)), JobId.of(rows.getBytes(2)));
          }
        }
      }
    }
    return last;
  }

  /**
   * Puts jobs at the ends of their lines, in this order.
   *
   * @param last who is last in lines, which is brought up to date
   * @param jobs with ordering keys
   * @return those that come behind another, in no particular order
   */
  List<Place> append(Connection connection, Map<LineId, JobId> last, List<Job> jobs)
      throws SQLException {
    SortedMap<LineId, List<JobId>> byLine = new TreeMap<>();
    for (Job job : jobs) {
      byLine.computeIfAbsent(LineId.of(job.spec()), _ -> new ArrayList<>()).add(job.id());
    }
    List<End> ends = new ArrayList<>();
    byLine.forEach((line, added) -> ends.add(new End(line, added.getLast())));
    // It locks the row whether or not it is there.
    dialect.insert(
        connection,
        INSERT,
        2,
        dialect.keepExisting("line"),
        ends,
        _ -> 0,
        (to, at, end) -> {
          to.setBytes(at + 1, end.line().bytes());
          to.setBytes(at + 2, end.last().bytes());
        });
    Map<LineId, JobId> found = lock(connection, byLine.keySet());
    List<Place> places = new ArrayList<>();
    List<End> moved = new ArrayList<>();
    for (End end : ends) {
      List<JobId> added = byLine.get(end.line());
      JobId before = found.get(end.line());
      if (before == null || added == null) {
        throw new IllegalStateException("a line vanished under its lock");
      }
      boolean first = before.equals(end.last());
      if (!first) {
        places.add(new Place(added.getFirst(), before));
        moved.add(end);
      }
      for (int i = 1; i < added.size(); i++) {
        places.add(new Place(added.get(i), added.get(i - 1)));
      }
    }
    update(connection, moved);
    ends.forEach(end -> last.put(end.line(), end.last()));
    return places;
  }

  /**
   * Takes jobs out of the ends of their lines.
   *
   * @param last who is last in each line, which is brought up to date
   * @param needs whom those of the ended waited for that waited
   */
  void shrink(
      Connection connection, Map<LineId, JobId> last, Set<JobId> ended, Map<JobId, JobId> needs)
      throws SQLException {
    List<End> moved = new ArrayList<>();
    List<LineId> empty = new ArrayList<>();
    for (Map.Entry<LineId, JobId> end : last.entrySet()) {
      if (ended.contains(end.getValue())) {
        JobId before = beforeAll(end.getValue(), ended, needs);
        if (before == null) {
          empty.add(end.getKey());
        } else {
          end.setValue(before);
          moved.add(new End(end.getKey(), before));
        }
      }
    }
    empty.forEach(last::remove);
    update(connection, moved);
    MultiRow.executeEach(
        connection, DELETE, empty, (to, at, line) -> to.setBytes(at + 1, line.bytes()));
  }

  /**
   * The nearest job before this one, or this one, that has not ended.
   *
   * @return null when there is none
   */
  static @Nullable JobId beforeAll(JobId job, Set<JobId> ended, Map<JobId, JobId> needs) {
    JobId at = job;
    while (at != null && ended.contains(at)) {
      at = needs.get(at);
    }
    return at;
  }

  private static void update(Connection connection, List<End> moved) throws SQLException {
    MultiRow.executeEach(
        connection,
        UPDATE,
        moved,
        (to, at, end) -> {
          to.setBytes(at + 1, end.last().bytes());
          to.setBytes(at + 2, end.line().bytes());
        });
  }
}
