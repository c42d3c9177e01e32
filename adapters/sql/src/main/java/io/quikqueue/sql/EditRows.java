package io.quikqueue.sql;

import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.sql.SideRows.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Changes what jobs are asked for, and keeps what they were asked for before where a new generation
 * begins. All other changes of jobs leave alone what they are asked for.
 */
final class EditRows {

  private static final String EDIT =
      JobColumns.edited().stream()
          .map(name -> name + " = ?")
          .collect(Collectors.joining(", ", "UPDATE jobs SET ", " WHERE id = ?"));

  /** Apart, since most edits leave it as it is, and it may be large. */
  private static final String EDIT_PAYLOAD = "UPDATE jobs SET payload = ? WHERE id = ?";

  /** As it is stored, so that a text that is kept in a form of its own stays so. */
  private static final String KEEP =
      """
      INSERT INTO generations
        (job_id, number, payload, state, attempt, error, ended_at, retried_at)
      SELECT j.id, COALESCE(j.generation, 1), %s, j.state, j.attempt, j.error, j.finished_at, ?
      FROM jobs j WHERE j.id = ? %s\
      """;

  private static final String SIZES =
      "SELECT number, LENGTH(payload) FROM generations WHERE job_id = ? ORDER BY number DESC";
  private static final String FORGET = "DELETE FROM generations WHERE job_id = ? AND number <= ?";
  private static final String SELECT =
      """
      SELECT number, payload, state, attempt, error, ended_at, retried_at
      FROM generations WHERE job_id = ? ORDER BY number DESC\
      """;

  private EditRows() {}

  /** Keeps what is about to be overwritten; to be called before the jobs are updated. */
  static void keep(Connection connection, Dialect dialect, List<Step> steps) throws SQLException {
    for (Step step : steps) {
      Transition change = step.change();
      if (change.beginsGeneration()) {
        keep(connection, dialect, change.before().id(), change.after().updatedAt());
      }
    }
  }

  private static void keep(Connection connection, Dialect dialect, JobId job, Instant now)
      throws SQLException {
    String sql = KEEP.formatted(dialect.storedPayload(), dialect.keepExisting("number"));
    try (PreparedStatement keep = connection.prepareStatement(sql)) {
      keep.setLong(1, Micros.of(now));
      keep.setBytes(2, job.bytes());
      keep.executeUpdate();
    }
    int forgotten = 0;
    int kept = 0;
    long chars = 0;
    try (PreparedStatement sizes = connection.prepareStatement(SIZES)) {
      sizes.setBytes(1, job.bytes());
      try (ResultSet rows = sizes.executeQuery()) {
        while (rows.next() && forgotten == 0) {
          chars += rows.getLong(2);
          kept++;
          if (kept > Generation.MOST_KEPT || (kept > 1 && chars > Generation.MOST_CHARS)) {
            forgotten = rows.getInt(1);
          }
        }
      }
    }
    if (forgotten > 0) {
      try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
        forget.setBytes(1, job.bytes());
        forget.setInt(2, forgotten);
        forget.executeUpdate();
      }
    }
  }

  /** Writes what those of the steps that edit jobs ask for; to be called after their update. */
  static void write(Connection connection, List<Step> steps, Bodies bodies) throws SQLException {
    List<Step> edits = new ArrayList<>(0);
    List<UniqueRows.Owner> left = new ArrayList<>(0);
    for (Step step : steps) {
      Transition change = step.change();
      if (change.edits() || change.beginsGeneration()) {
        edits.add(step);
        Unique before = change.before().spec().unique();
        Unique after = change.after().spec().unique();
        if (before != null && after != null && !before.slot().equals(after.slot())) {
          left.add(new UniqueRows.Owner(change.before().id(), before.slot()));
        }
      }
    }
    if (edits.isEmpty()) {
      return;
    }
    MultiRow.executeEach(
        connection,
        EDIT,
        edits,
        (to, at, step) -> {
          Job after = step.change().after();
          JobColumns.bindEdit(to, at, new JobColumn.Row(after, null, null, bodies));
          to.setBytes(at + JobColumns.EDIT_VALUES + 1, after.id().bytes());
        });
    MultiRow.executeEach(
        connection,
        EDIT_PAYLOAD,
        edits.stream().filter(EditRows::hasOtherPayload).toList(),
        (to, at, step) -> {
          Job after = step.change().after();
          JobColumns.bindPayload(to, at, new JobColumn.Row(after, null, null, bodies));
          to.setBytes(at + 2, after.id().bytes());
        });
    UniqueRows.delete(connection, left);
  }

  private static boolean hasOtherPayload(Step step) {
    Transition change = step.change();
    return !change.before().spec().payload().equals(change.after().spec().payload());
  }

  /** Whether the stored job is asked for what this one is. */
  static boolean isWritten(Connection connection, Dialect dialect, Job after) throws SQLException {
    List<Job> stored = new ArrayList<>(1);
    Ids.query(
        connection,
        dialect.jobsById(),
        List.of(after.id()),
        row -> stored.add(JobColumns.read(row, dialect.cipher())));
    return stored.stream().anyMatch(job -> job.spec().equals(after.spec()));
  }

  /** The earlier generations of a job, the last one first. */
  static List<Generation> of(Handle handle, FieldCipher cipher, JobId job) {
    return handle.select(SELECT, job.bytes()).map((row, _) -> read(row, cipher, job)).list();
  }

  private static Generation read(ResultSet row, FieldCipher cipher, JobId job) throws SQLException {
    return new Generation(
        row.getInt(1),
        cipher.open(job, FieldCipher.Field.PAYLOAD, row.getString(2)),
        JobState.ofCode(row.getInt(3)),
        row.getInt(4),
        row.getString(5),
        Micros.read(row, 6),
        Micros.toInstant(row.getLong(7)));
  }
}
