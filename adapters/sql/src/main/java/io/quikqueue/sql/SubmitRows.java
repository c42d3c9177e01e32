package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores new jobs. */
final class SubmitRows {

  private static final Logger log = LoggerFactory.getLogger(SubmitRows.class);

  private static final String SELECT_STORED = "SELECT id FROM jobs WHERE id IN (%s)";

  /** What the widest column for text holds, in bytes; a character takes at most three of them. */
  private static final int MOST_CHARS = (16 << 20) / 3;

  private static final int RACES = 5;

  private final Database database;
  private final KeyRows keys;
  private final SideRows side;

  SubmitRows(Database database, SideRows side) {
    this.database = database;
    this.keys = new KeyRows(database.dialect());
    this.side = side;
  }

  List<SubmitResult> submit(List<Submission> submissions) {
    Map<JobId, SubmitResult> answers = HashMap.newHashMap(submissions.size());
    Map<JobId, Submission> fresh = HashMap.newHashMap(submissions.size());
    for (Submission each : submissions) {
      Job job = each.job();
      String reason = unfit(job);
      if (reason == null) {
        fresh.putIfAbsent(job.id(), each);
      } else {
        answers.put(job.id(), new SubmitResult.Refused(reason));
      }
    }
    store(new ArrayList<>(fresh.values()), submissions, answers);
    List<SubmitResult> inOrder = new ArrayList<>(submissions.size());
    for (Submission each : submissions) {
      SubmitResult answer = answers.get(each.job().id());
      if (answer == null) {
        throw new IllegalStateException("no answer for job " + each.job().id());
      }
      inOrder.add(answer);
    }
    return inOrder;
  }

  private static @Nullable String unfit(Job job) {
    if (job.attempt() != 1 || job.startedAt() != null || job.finishedAt() != null) {
      throw new IllegalArgumentException("job " + job.id() + " is not new");
    }
    JobSpec spec = job.spec();
    if (!Micros.hold(job.runAt()) || !Micros.hold(spec.deadline())) {
      return "a time is out of range";
    }
    if (spec.payload().length() > MOST_CHARS) {
      return "the payload has more than " + MOST_CHARS + " characters";
    }
    return null;
  }

  /** Stores a batch, or halves of it until what the database does not take stands alone. */
  private void store(
      List<Submission> batch, List<Submission> order, Map<JobId, SubmitResult> answers) {
    if (batch.isEmpty()) {
      return;
    }
    batch.sort(Comparator.comparing(submission -> submission.job().id()));
    boolean repeated = false;
    for (int race = 0; race < RACES; race++) {
      boolean again = repeated;
      try {
        answers.putAll(
            database.writeRows((handle, commit) -> insert(handle, commit, batch, order, again)));
        return;
      } catch (BadRowException e) {
        if (e.duplicate()) {
          repeated = true;
        } else if (batch.size() == 1) {
          JobId id = batch.getFirst().job().id();
          log.warn("event=job_refused job_id={} cause={}", id, e.getCause());
          answers.put(id, new SubmitResult.Refused("the store cannot hold it"));
          return;
        } else {
          int half = batch.size() / 2;
          store(new ArrayList<>(batch.subList(0, half)), order, answers);
          store(new ArrayList<>(batch.subList(half, batch.size())), order, answers);
          return;
        }
      }
    }
    throw new UnavailableException("store", "the same jobs are being stored by others");
  }

  /**
   * @param repeated whether some of these jobs were found to be stored already
   */
  private Map<JobId, SubmitResult> insert(
      Handle handle,
      Commit commit,
      List<Submission> batch,
      List<Submission> order,
      boolean repeated)
      throws SQLException {
    Connection connection = handle.getConnection();
    Map<JobId, SubmitResult> answers = keys.claim(handle, batch, order);
    Set<JobId> stored = new HashSet<>();
    if (repeated) {
      List<JobId> ids = batch.stream().map(each -> each.job().id()).toList();
      Ids.query(connection, SELECT_STORED, ids, row -> stored.add(JobId.of(row.getBytes(1))));
    }
    List<Submission> rows = new ArrayList<>(batch.size());
    List<Job> jobs = new ArrayList<>(batch.size());
    for (Submission each : batch) {
      if (answers.putIfAbsent(each.job().id(), new SubmitResult.Accepted(each.job())) == null
          && !stored.contains(each.job().id())) {
        rows.add(each);
        jobs.add(each.job());
      }
    }
    Bodies bodies = database.dialect().bodies();
    database
        .dialect()
        .insert(
            connection,
            JobColumns.INSERT,
            JobColumns.INSERT_VALUES,
            "",
            rows,
            row -> row.job().spec().payload().length(),
            (to, at, row) -> JobColumns.bindInsert(to, at, row(row, bodies)));
    bodies.write(connection);
    side.submitted(commit, jobs);
    return answers;
  }

  private static JobColumn.Row row(Submission submission, Bodies bodies) {
    IdempotencyKey key = submission.key();
    return new JobColumn.Row(submission.job(), key == null ? null : key.key(), null, bodies);
  }
}
