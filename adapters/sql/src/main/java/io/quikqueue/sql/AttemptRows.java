package io.quikqueue.sql;

import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.AttemptRecord.Outcome;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Attempts that have ended. The table holds all but those that can be read off the job itself: the
 * attempt that made it DONE, which is the only one of most jobs.
 */
final class AttemptRows {

  private static final String SELECT_LAST =
      """
      SELECT number, outcome, started_at, ended_at, worker, error, error_class, trace, generation
      FROM attempts WHERE job_id = ? ORDER BY number DESC LIMIT ?\
      """;
  private static final String SELECT_DONE =
      """
      SELECT attempt, 1, started_at, finished_at, worker, NULL, NULL, NULL, generation
      FROM jobs WHERE id = ? AND state = ?\
      """;
  private static final int SHOWN = 100;

  private AttemptRows() {}

  /** Whether the attempt that a change ended can be read off the job after it. */
  static boolean shownByJob(Transition change, AttemptRecord ended) {
    return ended.outcome() == Outcome.DONE
        && change.after().state() == JobState.DONE
        && ended.number() == change.after().attempt()
        && Objects.equals(ended.startedAt(), change.after().startedAt())
        && ended.endedAt().equals(change.after().finishedAt());
  }

  /** The last attempts of a job, oldest first. */
  static List<AttemptRecord> last(Handle handle, JobId job) {
    List<AttemptRecord> newestFirst =
        new ArrayList<>(
            handle.select(SELECT_LAST, job.bytes(), SHOWN).map((row, _) -> read(row)).list());
    Optional<AttemptRecord> done =
        handle
            .select(SELECT_DONE, job.bytes(), JobState.DONE.code())
            .map((row, _) -> read(row))
            .findOne();
    if (done.isPresent()
        && (newestFirst.isEmpty() || newestFirst.getFirst().number() < done.get().number())) {
      newestFirst.addFirst(done.get());
    }
    return newestFirst.subList(0, Math.min(newestFirst.size(), SHOWN)).reversed().stream().toList();
  }

  private static AttemptRecord read(ResultSet row) throws SQLException {
    Instant ended = Micros.toInstant(row.getLong(4));
    return new AttemptRecord(
        row.getInt(1),
        outcome(row.getInt(2)),
        Micros.read(row, 3),
        ended,
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        JobTexts.readGeneration(row, 9));
  }

  static int code(Outcome outcome) {
    return switch (outcome) {
      case DONE -> 1;
      case FAILED -> 2;
      case CRASHED -> 3;
      case CANCELLED -> 4;
      case POSTPONED -> 5;
    };
  }

  private static Outcome outcome(int code) {
    for (Outcome outcome : Outcome.values()) {
      if (code(outcome) == code) {
        return outcome;
      }
    }
    throw new IllegalStateException("no outcome has the code " + code);
  }
}
