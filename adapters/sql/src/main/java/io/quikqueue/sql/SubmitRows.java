package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.job.Unique;
import io.quikqueue.domain.limit.MaxWaiting;
import io.quikqueue.domain.port.IdempotencyKey;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.sql.SideRows.Step;
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

  private static final String SELECT_STORED = "SELECT id, state FROM jobs WHERE id IN (%s)";

  /** What the widest column for text holds, in bytes; a character takes at most three of them. */
  private static final int MOST_CHARS = (16 << 20) / 3;

  private static final int RACES = 5;

  private final Database database;
  private final KeyRows keys;
  private final WaitingRows waiting;
  private final UniqueRows uniques;
  private final SideRows side;
  private final DependencyRows dependencies;
  private final CallbackRows callbacks;

  SubmitRows(
      Database database, SideRows side, DependencyRows dependencies, CallbackRows callbacks) {
    this.callbacks = callbacks;
    this.database = database;
    this.dependencies = dependencies;
    this.keys = new KeyRows(database.dialect());
    this.waiting = new WaitingRows(database.dialect());
    this.uniques = new UniqueRows(database.dialect());
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

  /**
   * Stores jobs in a transaction of the caller's, or none of them.
   *
   * @return one answer per job
   * @throws SQLException also when the database cannot hold one of them
   */
  Map<JobId, SubmitResult> submitWithin(Handle handle, Commit commit, List<Submission> submissions)
      throws SQLException {
    Map<JobId, SubmitResult> answers = HashMap.newHashMap(submissions.size());
    List<Submission> batch = new ArrayList<>(submissions.size());
    for (Submission each : submissions) {
      String reason = unfit(each.job());
      if (reason == null) {
        batch.add(each);
      } else {
        answers.put(each.job().id(), new SubmitResult.Refused(reason));
      }
    }
    if (!batch.isEmpty()) {
      batch.sort(Comparator.comparing(submission -> submission.job().id()));
      answers.putAll(insert(handle, commit, batch, submissions, false));
    }
    return answers;
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
    UniqueRows.Claims slots = uniques.claim(connection, batch, order, answers);
    if (!slots.answers().isEmpty()) {
      answers.replaceAll((_, answer) -> slots.settled(answer));
      batch.forEach(each -> answers.computeIfAbsent(each.job().id(), slots::refusal));
    }
    Map<JobId, JobState> stored = repeated ? stored(connection, batch) : Map.of();
    lockLines(connection, batch);
    Map<JobId, SubmitResult> refused =
        waiting.refuse(connection, fresh(batch, answers, stored.keySet()));
    if (!refused.isEmpty() && !repeated) {
      // An earlier try may have been committed: what it stored is not refused.
      stored = stored(connection, batch);
      refused = waiting.refuse(connection, fresh(batch, answers, stored.keySet()));
    }
    DroppedJobs dropped = new DroppedJobs(batch, refused, stored, slots);
    if (!refused.isEmpty()) {
      refuse(connection, batch, refused, answers);
      UniqueRows.delete(connection, slotsOf(batch, refused));
    }
    dropped.answer(answers);
    if (!slots.answers().isEmpty()) {
      KeyRows.settle(connection, batch, slots, answers);
    }
    List<Submission> rows = new ArrayList<>(batch.size());
    boolean ordered = false;
    List<Submission> ended = new ArrayList<>(0);
    for (Submission each : batch) {
      Job job = slots.asStored(each.job());
      if (dropped.contains(job.id())) {
        if (!stored.containsKey(job.id())) {
          ended.add(each.with(job));
        }
      } else if (answers.putIfAbsent(job.id(), new SubmitResult.Accepted(job)) == null) {
        ordered |= job.standsInLine();
        if (!stored.containsKey(job.id())) {
          rows.add(each.with(job));
        }
      }
    }
    if (ordered) {
      rows = inLine(connection, rows, order, stored, answers);
    }
    if (!ended.isEmpty()) {
      rows = new ArrayList<>(rows);
      rows.addAll(ended);
      rows.sort(Comparator.comparing(row -> row.job().id()));
    }
    List<Job> jobs = new ArrayList<>(rows.size());
    rows.forEach(row -> jobs.add(dropped.after(row.job())));
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
    List<Step> replaced = replace(connection, slots.changes(), bodies);
    dropped.end(connection, database.dialect(), bodies);
    bodies.write(connection);
    if (!ended.isEmpty()) {
      jobs.addAll(dropped.tell(connection, callbacks, answers));
      jobs.sort(Comparator.comparing(Job::id));
    }
    side.submitted(commit, jobs);
    if (!replaced.isEmpty()) {
      side.changed(connection, commit, replaced);
    }
    return answers;
  }

  /** Lines come before the counts of what waits, as for those who end jobs: else they deadlock. */
  private void lockLines(Connection connection, List<Submission> batch) throws SQLException {
    Set<LineId> lines = new HashSet<>(0);
    for (Submission each : batch) {
      if (!each.maxWaiting().equals(MaxWaiting.ANY) && each.job().standsInLine()) {
        lines.add(LineId.of(each.job().spec()));
      }
    }
    if (!lines.isEmpty()) {
      dependencies.lock(connection, lines);
    }
  }

  /** The states of those of the jobs that are stored already. */
  private static Map<JobId, JobState> stored(Connection connection, List<Submission> batch)
      throws SQLException {
    List<JobId> ids = batch.stream().map(each -> each.job().id()).toList();
    Map<JobId, JobState> stored = new HashMap<>();
    Ids.query(
        connection,
        SELECT_STORED,
        ids,
        row -> stored.put(JobId.of(row.getBytes(1)), JobState.ofCode(row.getInt(2))));
    return stored;
  }

  /**
   * Puts those of new jobs that have an ordering key at the ends of their lines.
   *
   * @param order in which they come there
   * @param stored the states of jobs that were stored before
   * @param answers of which those about jobs that have to wait are replaced
   * @return the jobs as they are to be stored
   */
  private List<Submission> inLine(
      Connection connection,
      List<Submission> fresh,
      List<Submission> order,
      Map<JobId, JobState> stored,
      Map<JobId, SubmitResult> answers)
      throws SQLException {
    Set<JobId> joining = new HashSet<>();
    for (Submission each : fresh) {
      if (each.job().standsInLine()) {
        joining.add(each.job().id());
      }
    }
    List<Job> inOrder =
        order.stream().map(Submission::job).filter(job -> joining.remove(job.id())).toList();
    Set<JobId> behind = new HashSet<>(dependencies.append(connection, inOrder));
    stored.forEach(
        (id, state) -> {
          if (state == JobState.WAITING) {
            behind.add(id);
          }
        });
    answers.replaceAll((_, answer) -> asStored(answer, behind));
    return fresh.stream()
        .map(each -> behind.contains(each.job().id()) ? each.with(each.job().behindOthers()) : each)
        .toList();
  }

  private static SubmitResult asStored(SubmitResult answer, Set<JobId> behind) {
    return switch (answer) {
      case SubmitResult.Accepted(Job job) when behind.contains(job.id()) ->
          new SubmitResult.Accepted(job.behindOthers());
      case SubmitResult.Replayed(Job job) when behind.contains(job.id()) ->
          new SubmitResult.Replayed(job.behindOthers());
      case SubmitResult.SlotTaken(Job holder) when behind.contains(holder.id()) ->
          new SubmitResult.SlotTaken(holder.behindOthers());
      case SubmitResult.Existing(Job holder) when behind.contains(holder.id()) ->
          new SubmitResult.Existing(holder.behindOthers());
      case SubmitResult.Replaced(Job holder) when behind.contains(holder.id()) ->
          new SubmitResult.Replaced(holder.behindOthers());
      default -> answer;
    };
  }

  private static List<Submission> fresh(
      List<Submission> batch, Map<JobId, SubmitResult> answered, Set<JobId> stored) {
    List<Submission> fresh = new ArrayList<>(batch.size());
    for (Submission each : batch) {
      JobId id = each.job().id();
      if (!answered.containsKey(id) && !stored.contains(id)) {
        fresh.add(each);
      }
    }
    return fresh;
  }

  /** The slots that jobs took which are not stored after all. */
  private static List<UniqueRows.Owner> slotsOf(
      List<Submission> batch, Map<JobId, SubmitResult> refused) {
    List<UniqueRows.Owner> slots = new ArrayList<>(0);
    for (Submission each : batch) {
      Unique unique = each.job().spec().unique();
      if (unique != null && refused.containsKey(each.job().id())) {
        slots.add(new UniqueRows.Owner(each.job().id(), unique.slot()));
      }
    }
    return slots;
  }

  /** Also those of the batch that are the same request as one that is refused. */
  private static void refuse(
      Connection connection,
      List<Submission> batch,
      Map<JobId, SubmitResult> refused,
      Map<JobId, SubmitResult> answers)
      throws SQLException {
    KeyRows.release(
        connection, batch.stream().filter(each -> refused.containsKey(each.job().id())).toList());
    answers.replaceAll(
        (_, answer) ->
            switch (answer) {
              case SubmitResult.Replayed(Job job) -> refused.getOrDefault(job.id(), answer);
              case SubmitResult.SlotTaken(Job job) -> refused.getOrDefault(job.id(), answer);
              case SubmitResult.Existing(Job job) -> refused.getOrDefault(job.id(), answer);
              case SubmitResult.Replaced(Job job) -> refused.getOrDefault(job.id(), answer);
              default -> answer;
            });
    answers.putAll(refused);
  }

  /** Changes jobs that wait, whose rows are locked, and what they were asked for. */
  private List<Step> replace(Connection connection, List<Transition> changes, Bodies bodies)
      throws SQLException {
    if (changes.isEmpty()) {
      return List.of();
    }
    List<Step> steps =
        changes.stream()
            .sorted(Comparator.comparing(change -> change.after().id()))
            .map(change -> new Step(change, change.before()))
            .toList();
    int met = database.dialect().updateJobs(connection, steps, bodies);
    if (met != steps.size()) {
      throw new IllegalStateException(
          "%d of %d locked jobs changed".formatted(steps.size() - met, steps.size()));
    }
    EditRows.write(connection, steps, bodies);
    return steps;
  }

  private static JobColumn.Row row(Submission submission, Bodies bodies) {
    IdempotencyKey key = submission.key();
    return new JobColumn.Row(submission.job(), key == null ? null : key.key(), null, bodies);
  }
}
