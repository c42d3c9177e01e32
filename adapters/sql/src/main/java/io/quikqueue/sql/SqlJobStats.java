package io.quikqueue.sql;

import io.quikqueue.domain.port.JobStats;
import io.quikqueue.domain.stats.DurationHistogram;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.MinuteCounts;
import io.quikqueue.domain.stats.StatsScope;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The counts of minutes in the table {@code job_counts}. */
final class SqlJobStats implements JobStats {

  private static final String REPLACE =
      "REPLACE INTO job_counts (kind, name, epoch_minute, process, submitted, done,"
          + " failed_attempts, failed, waits, runs) VALUES";
  private static final int COLUMNS = 10;
  private static final int CHARS = 1200;
  private static final String READ =
      "SELECT epoch_minute, process, submitted, done, failed_attempts, failed, waits, runs FROM"
          + " job_counts WHERE kind = ? AND name = ? AND epoch_minute >= ? AND epoch_minute < ?";
  private static final String OLD =
      "SELECT kind, name, epoch_minute, process FROM job_counts WHERE epoch_minute < ? ORDER BY"
          + " epoch_minute LIMIT ?";
  private static final String DELETE =
      "DELETE FROM job_counts WHERE kind = ? AND name = ? AND epoch_minute = ? AND process = ?";

  private final Database database;

  SqlJobStats(Database database) {
    this.database = database;
  }

  @SuppressWarnings("ArrayRecordComponent") // read once
  private record Key(int kind, String name, int minute, byte[] process) {}

  @Override
  public void record(List<MinuteCounts> counts) {
    if (counts.isEmpty()) {
      return;
    }
    database.write(
        (handle, _) -> {
          database
              .dialect()
              .insert(
                  handle.getConnection(),
                  REPLACE,
                  COLUMNS,
                  "",
                  counts,
                  _ -> CHARS,
                  SqlJobStats::bind);
          return counts.size();
        });
  }

  private static void bind(PreparedStatement to, int at, MinuteCounts each) throws SQLException {
    JobCounts counts = each.counts();
    to.setInt(at + 1, code(each.scope().kind()));
    to.setString(at + 2, each.scope().name());
    to.setInt(at + 3, minute(each.minute()));
    to.setBytes(at + 4, Utf8.of(each.process()));
    to.setLong(at + 5, counts.submitted());
    to.setLong(at + 6, counts.done());
    to.setLong(at + 7, counts.failedAttempts());
    to.setLong(at + 8, counts.failed());
    to.setString(at + 9, counts.waits().text());
    to.setString(at + 10, counts.runs().text());
  }

  @Override
  public List<MinuteCounts> read(StatsScope scope, Instant from, Instant until) {
    return database.readPlain(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setInt(1, code(scope.kind()));
            select.setString(2, scope.name());
            select.setInt(3, minute(from));
            select.setInt(4, minute(until));
            try (ResultSet rows = select.executeQuery()) {
              List<MinuteCounts> all = new ArrayList<>();
              while (rows.next()) {
                all.add(row(scope, rows));
              }
              return all;
            }
          }
        });
  }

  private static MinuteCounts row(StatsScope scope, ResultSet row) throws SQLException {
    return new MinuteCounts(
        scope,
        Instant.ofEpochSecond(TimeUnit.MINUTES.toSeconds(row.getInt("epoch_minute"))),
        Utf8.text(row.getBytes("process")),
        new JobCounts(
            row.getLong("submitted"),
            row.getLong("done"),
            row.getLong("failed_attempts"),
            row.getLong("failed"),
            DurationHistogram.parse(row.getString("waits")),
            DurationHistogram.parse(row.getString("runs"))));
  }

  @Override
  public int prune(Instant before, int limit) {
    List<Key> old =
        database.read(
            handle ->
                handle
                    .createQuery(OLD)
                    .bind(0, minute(before))
                    .bind(1, limit)
                    .map(
                        (row, _) ->
                            new Key(
                                row.getInt(1), row.getString(2), row.getInt(3), row.getBytes(4)))
                    .list());
    return old.isEmpty()
        ? 0
        : database.write(
            (handle, _) ->
                MultiRow.executeEach(
                    handle.getConnection(),
                    DELETE,
                    old,
                    (to, at, each) -> {
                      to.setInt(at + 1, each.kind());
                      to.setString(at + 2, each.name());
                      to.setInt(at + 3, each.minute());
                      to.setBytes(at + 4, each.process());
                    }));
  }

  private static int minute(Instant at) {
    return Math.toIntExact(Math.floorDiv(at.getEpochSecond(), 60));
  }

  private static int code(StatsScope.Kind kind) {
    return switch (kind) {
      case ALL -> 1;
      case QUEUE -> 2;
      case TYPE -> 3;
    };
  }
}
