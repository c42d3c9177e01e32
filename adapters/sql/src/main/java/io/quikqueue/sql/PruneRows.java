package io.quikqueue.sql;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobIds;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Unique;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;

/**
 * Deletes jobs that have ended, and finds those that did so long ago. Ids rise with time, so the
 * table is walked from the oldest job up to those younger than the moment; where a call stopped the
 * next one goes on, so that old jobs still waiting are not read again and again. A job that holds
 * the line of its ordering key is left alone by all.
 */
final class PruneRows {

  private static final String SELECT_OLD =
      """
      SELECT id, finished_at, queue, state, node, on_failed_head FROM jobs WHERE id > :after AND id < :bound
      ORDER BY id LIMIT :limit\
      """;
  private static final String SELECT_LOCKED =
      """
      SELECT id, queue, state, idempotency_key, unique_by, generation FROM %s
      WHERE id IN (%%s) AND finished_at < %d AND (state <> %d OR COALESCE(on_failed_head, 0) <> %d)
      ORDER BY id\
      """;

  /** A key outlives its job; one without a life of its own is an older version's, and does not. */
  private static final String END_KEYS =
      """
      UPDATE idempotency_keys SET ended_as = ?, expires_at = COALESCE(expires_at, created_at)
      WHERE idempotency_key = ? AND job_id = ?\
      """;

  private static final byte[] BOTTOM = new byte[16];
  private static final int WINDOW = 1000;

  /** Of one call: a queue may keep millions for longer than all jobs are. */
  private static final int MOST_WINDOWS = 100;

  /** Ids and times may come from different clocks. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  private static final Instant EVER = Instant.parse("9999-12-31T00:00:00Z");

  private record Key(String key, JobId job, JobState state) {}

  private final Database database;
  private final AtomicReference<byte[]> position = new AtomicReference<>(BOTTOM);

  PruneRows(Database database) {
    this.database = database;
  }

  int prune(Instant finishedBefore, Map<String, Set<JobState>> except, int limit) {
    byte[] bound = JobIds.floor(finishedBefore.plus(CLOCKS)).bytes();
    List<JobId> old = new ArrayList<>();
    byte[] after = position.get();
    boolean more = true;
    for (int windows = 0; more && old.size() < limit && windows < MOST_WINDOWS; windows++) {
      byte[] from = after;
      List<JobId> window = new ArrayList<>();
      database.read(
          handle ->
              handle
                  .createQuery(SELECT_OLD)
                  .bind("after", from)
                  .bind("bound", bound)
                  .bind("limit", WINDOW)
                  .map(
                      (row, _) -> {
                        JobId id = JobId.of(row.getBytes(1));
                        Instant finished = Micros.read(row, 2);
                        window.add(id);
                        if (finished != null
                            && finished.isBefore(finishedBefore)
                            && !HeldLines.holds(row, 4, 6)
                            && !isKept(row, except)) {
                          old.add(id);
                        }
                        return id;
                      })
                  .list());
      more = window.size() == WINDOW;
      after = more ? window.getLast().bytes() : BOTTOM;
    }
    List<JobId> chosen = old.subList(0, Math.min(limit, old.size()));
    int deleted = delete(chosen, finishedBefore);
    position.set(chosen.size() < limit ? after : chosen.getLast().bytes());
    if (!more && chosen.size() < limit) {
      WaitingRows.deleteEmpty(database);
    }
    return deleted;
  }

  /** Whether it is kept for another time; nodes of workflows never are. */
  private static boolean isKept(ResultSet row, Map<String, Set<JobState>> except)
      throws SQLException {
    return !except.isEmpty()
        && except.getOrDefault(row.getString(3), Set.of()).contains(JobState.ofCode(row.getInt(4)))
        && row.getBytes(5) == null;
  }

  int deleteEnded(Collection<JobId> ids, Instant finishedBefore) {
    return delete(Ids.sorted(ids), finishedBefore.isAfter(EVER) ? EVER : finishedBefore);
  }

  private int delete(List<JobId> chosen, Instant finishedBefore) {
    return chosen.isEmpty()
        ? 0
        : database.write((handle, commit) -> delete(handle, commit, chosen, finishedBefore));
  }

  private int delete(Handle handle, Commit commit, List<JobId> chosen, Instant finishedBefore)
      throws SQLException {
    Connection connection = handle.getConnection();
    Dialect dialect = database.dialect();
    QueueCounts counts = new QueueCounts();
    List<JobId> ended = new ArrayList<>();
    List<JobId> failed = new ArrayList<>();
    List<Key> keys = new ArrayList<>();
    List<UniqueRows.Owner> slots = new ArrayList<>(0);
    List<JobId> retried = new ArrayList<>(0);
    Ids.query(
        connection,
        SELECT_LOCKED.formatted(
                dialect.byKey("jobs"),
                Micros.of(finishedBefore),
                JobState.FAILED.code(),
                HeldLines.HOLD)
            + ' '
            + dialect.forUpdate(),
        chosen,
        row -> {
          JobId id = JobId.of(row.getBytes(1));
          ended.add(id);
          JobState state = JobState.ofCode(row.getInt(3));
          counts.deleted(row.getString(2), state);
          if (state == JobState.FAILED) {
            failed.add(id);
          }
          String key = row.getString(4);
          if (key != null) {
            keys.add(new Key(key, id, state));
          }
          String unique = JobTexts.readBytes(row, 5);
          if (unique != null) {
            slots.add(new UniqueRows.Owner(id, Unique.parse(unique).slot()));
          }
          if (JobTexts.readGeneration(row, 6) != 1) {
            retried.add(id);
          }
        });
    MultiRow.executeEach(connection, END_KEYS, keys, PruneRows::bind);
    UniqueRows.delete(connection, slots);
    dialect.deleteBodies(connection, ended);
    Ids.update(connection, dialect.deleteByKey("attempts") + " WHERE job_id IN (%s)", ended);
    Ids.update(connection, dialect.deleteByKey("job_logs") + " WHERE job_id IN (%s)", ended);
    Ids.update(connection, dialect.deleteByKey("generations") + " WHERE job_id IN (%s)", retried);
    Ids.update(connection, dialect.deleteByKey("job_steps") + " WHERE job_id IN (%s)", ended);
    Ids.update(connection, dialect.deleteByKey("job_signals") + " WHERE job_id IN (%s)", ended);
    Ids.update(connection, dialect.deleteByKey("outbox") + " WHERE job_id IN (%s)", ended);
    Ids.update(connection, dialect.deleteByKey("jobs") + " WHERE id IN (%s)", ended);
    new DeadRows(dialect).gone(connection, commit, failed);
    counts.write(commit, dialect);
    return ended.size();
  }

  private static void bind(PreparedStatement to, int at, Key key) throws SQLException {
    to.setInt(at + 1, key.state().code());
    to.setString(at + 2, key.key());
    to.setBytes(at + 3, key.job().bytes());
  }
}
