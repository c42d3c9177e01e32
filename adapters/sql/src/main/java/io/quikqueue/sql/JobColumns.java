package io.quikqueue.sql;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobBuilder;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SealedText;
import io.quikqueue.domain.port.FieldCipher;
import io.quikqueue.domain.port.FieldCipher.Field;
import io.quikqueue.sql.JobColumn.Written;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the table {@code jobs}: each is named here once, with how it is written and read,
 * and all statements that write or read whole jobs are made from this list.
 */
final class JobColumns {

  /** What the client asked for: updated by {@link #bindEdit} alone. */
  private static final List<JobColumn<JobSpec.Builder>> SPEC =
      List.of(
          spec(
              "type",
              (to, at, row) -> to.setString(at, row.spec().type()),
              (from, at, into) -> into.type(from.getString(at))),
          spec(
              "queue",
              (to, at, row) -> to.setString(at, row.spec().queue()),
              (from, at, into) -> into.queue(from.getString(at))),
          spec(
              "priority",
              (to, at, row) -> to.setInt(at, row.spec().priority()),
              (from, at, into) -> into.priority(from.getInt(at))),
          spec(
              "payload",
              (to, at, row) ->
                  to.setString(at, row.bodies().payload(row.job().id(), row.spec().payload())),
              (from, at, into) -> into.payload(from.getString(at))),
          spec(
              "deadline",
              (to, at, row) -> to.setObject(at, Micros.orNull(row.spec().deadline())),
              (from, at, into) -> into.deadline(Micros.read(from, at))),
          spec(
              "policy",
              (to, at, row) -> to.setString(at, JobTexts.policy(row.spec().policy())),
              (from, at, into) -> into.policy(JobTexts.readPolicy(from.getString(at)))),
          spec( // behind the policy, which it is a part of
              "retry_delays",
              (to, at, row) -> to.setString(at, JobTexts.delays(row.spec().policy().delays())),
              (from, at, into) ->
                  into.policy(JobTexts.withDelays(into.policy(), from.getString(at)))),
          spec( // behind the policy, which it is a part of
              "policy_own",
              (to, at, row) -> to.setObject(at, JobTexts.own(row.spec().policy())),
              (from, at, into) -> into.policy(JobTexts.withOwn(into.policy(), from, at))),
          spec(
              "labels",
              (to, at, row) -> to.setString(at, JobTexts.labels(row.spec().labels())),
              (from, at, into) -> into.labels(JobTexts.readLabels(from.getString(at)))),
          spec(
              "traceparent",
              (to, at, row) -> to.setString(at, row.spec().traceparent()),
              (from, at, into) -> into.traceparent(from.getString(at))),
          name("job_group", JobSpec::group, JobSpec.Builder::group), // GROUP is a word of SQL
          name("ordering_key", JobSpec::orderingKey, JobSpec.Builder::orderingKey),
          spec(
              "on_failed_head",
              (to, at, row) -> to.setObject(at, HeldLines.code(row.spec().onFailedHead())),
              (from, at, into) -> into.onFailedHead(HeldLines.read(from.getInt(at)))),
          spec(
              "cost",
              (to, at, row) -> to.setObject(at, JobTexts.cost(row.spec().cost())),
              (from, at, into) -> into.cost(JobTexts.readCost(from, at))),
          name("owner", JobSpec::owner, JobSpec.Builder::owner),
          spec(
              "unique_by",
              (to, at, row) -> to.setString(at, JobTexts.unique(row.spec().unique())),
              (from, at, into) -> into.unique(JobTexts.readUnique(from, at))),
          spec(
              "callback",
              (to, at, row) -> to.setString(at, JobTexts.callback(row.spec().callback())),
              (from, at, into) -> into.callback(JobTexts.readCallback(from, at))),
          spec(
              "node",
              (to, at, row) -> to.setBytes(at, JobTexts.node(row.spec().node())),
              (from, at, into) -> into.node(JobTexts.readNode(from, at))),
          spec(
              "counted_in_group",
              (to, at, row) -> to.setObject(at, row.spec().countedInGroup() ? 1 : null),
              (from, at, into) -> into.countedInGroup(from.getInt(at) == 1)));

  /** Where the job stands. */
  private static final List<JobColumn<JobBuilder>> COURSE =
      List.of(
          course(
              "state",
              Written.BY_BOTH,
              (to, at, row) -> to.setInt(at, row.job().state().code()),
              (from, at, into) -> into.state(JobState.ofCode(from.getInt(at)))),
          course(
              "attempt",
              Written.BY_BOTH,
              (to, at, row) -> to.setInt(at, row.job().attempt()),
              (from, at, into) -> into.attempt(from.getInt(at))),
          course(
              "failures",
              Written.BY_BOTH,
              (to, at, row) -> to.setInt(at, row.job().failures()),
              (from, at, into) -> into.failures(from.getInt(at))),
          course(
              "crashes",
              Written.BY_BOTH,
              (to, at, row) -> to.setInt(at, row.job().crashes()),
              (from, at, into) -> into.crashes(from.getInt(at))),
          course(
              "created_at",
              Written.BY_INSERT,
              (to, at, row) -> to.setLong(at, Micros.of(row.job().createdAt())),
              (from, at, into) -> into.createdAt(Micros.toInstant(from.getLong(at)))),
          course(
              "updated_at",
              Written.BY_BOTH,
              (to, at, row) -> to.setLong(at, Micros.of(row.job().updatedAt())),
              (from, at, into) -> into.updatedAt(Micros.toInstant(from.getLong(at)))),
          course(
              "run_at",
              Written.BY_BOTH,
              (to, at, row) -> to.setLong(at, Micros.of(row.job().runAt())),
              (from, at, into) -> into.runAt(Micros.toInstant(from.getLong(at)))),
          course(
              "due_at",
              Written.BY_BOTH,
              (to, at, row) -> to.setObject(at, Micros.orNull(row.job().dueAt())),
              (from, at, into) -> into.dueAt(Micros.read(from, at))),
          course(
              "started_at",
              Written.BY_UPDATE,
              (to, at, row) -> to.setObject(at, Micros.orNull(row.job().startedAt())),
              (from, at, into) -> into.startedAt(Micros.read(from, at))),
          course(
              "finished_at",
              Written.BY_UPDATE,
              (to, at, row) -> to.setObject(at, Micros.orNull(row.job().finishedAt())),
              (from, at, into) -> into.finishedAt(Micros.read(from, at))),
          course(
              "result",
              Written.BY_UPDATE,
              (to, at, row) -> to.setString(at, row.bodies().result(row.job())),
              (from, at, into) -> into.result(from.getString(at))),
          course(
              "note",
              Written.BY_UPDATE,
              (to, at, row) -> to.setString(at, row.job().note()),
              (from, at, into) -> into.note(from.getString(at))),
          course(
              "error",
              Written.BY_UPDATE,
              (to, at, row) -> to.setString(at, row.job().error()),
              (from, at, into) -> into.error(from.getString(at))),
          course(
              "deadline_lifted",
              Written.BY_OTHER, // only a retry by hand lifts it: other updates are spared a column
              (to, at, row) -> to.setBoolean(at, row.job().deadlineLifted()),
              (from, at, into) -> into.deadlineLifted(from.getBoolean(at))),
          course(
              "generation",
              Written.BY_OTHER, // only a retry by hand with changes makes one
              (to, at, row) -> to.setObject(at, JobTexts.generation(row.job().generation())),
              (from, at, into) -> into.generation(JobTexts.readGeneration(from, at))));

  /** Those that are not fields of a job when it is read, and the id, which is read first. */
  private static final List<JobColumn<Void>> OTHERS =
      List.of(
          other("id", Written.BY_INSERT, (to, at, row) -> to.setBytes(at, row.job().id().bytes())),
          other("idempotency_key", Written.BY_INSERT, (to, at, row) -> to.setString(at, row.key())),
          other("worker", Written.BY_UPDATE, (to, at, row) -> to.setString(at, row.worker())));

  private static final List<JobColumn<?>> ALL =
      Stream.of(OTHERS, SPEC, COURSE).<JobColumn<?>>flatMap(List::stream).toList();

  private static final List<JobColumn<?>> INSERTED =
      ALL.stream().filter(JobColumn::inserted).toList();
  private static final JobColumn.Writer[] INSERTS = writers(INSERTED);
  private static final List<JobColumn<?>> UPDATED =
      ALL.stream().filter(JobColumn::updated).toList();
  private static final JobColumn.Writer[] UPDATES = writers(UPDATED);
  private static final List<JobColumn<?>> EDITED =
      Stream.of(
              "queue",
              "priority",
              "policy",
              "retry_delays",
              "policy_own",
              "on_failed_head",
              "unique_by",
              "generation")
          .map(JobColumns::named)
          .toList();
  private static final JobColumn<?> PAYLOAD = named("payload");
  private static final JobColumn.Writer[] EDITS = writers(EDITED);

  /** How many columns {@link #read} reads: what else a SELECT has comes behind them. */
  static final int READ = 1 + SPEC.size() + COURSE.size();

  /** How many values {@link #bindInsert} binds. */
  static final int INSERT_VALUES = INSERTS.length;

  /** How many values {@link #bindUpdate} binds. */
  static final int UPDATE_VALUES = UPDATES.length;

  /** The head of an INSERT, up to VALUES. */
  static final String INSERT =
      "INSERT INTO jobs (" + String.join(", ", names(INSERTED)) + ") VALUES";

  /** How many values {@link #bindEdit} binds. */
  static final int EDIT_VALUES = EDITS.length;

  private JobColumns() {}

  private static JobColumn<?> named(String name) {
    return ALL.stream().filter(column -> column.name().equals(name)).findFirst().orElseThrow();
  }

  private static JobColumn<JobSpec.Builder> spec(
      String name, JobColumn.Writer writer, JobColumn.Reader<JobSpec.Builder> reader) {
    return new JobColumn<>(name, Written.BY_INSERT, writer, reader);
  }

  /** Text that is told apart byte by byte. */
  private static JobColumn<JobSpec.Builder> name(
      String name,
      Function<JobSpec, @Nullable String> getter,
      BiConsumer<JobSpec.Builder, @Nullable String> setter) {
    return spec(
        name,
        (to, at, row) -> to.setString(at, getter.apply(row.spec())),
        (from, at, into) -> setter.accept(into, JobTexts.readBytes(from, at)));
  }

  private static JobColumn<JobBuilder> course(
      String name, Written by, JobColumn.Writer writer, JobColumn.Reader<JobBuilder> reader) {
    return new JobColumn<>(name, by, writer, reader);
  }

  private static JobColumn<Void> other(String name, Written by, JobColumn.Writer writer) {
    return new JobColumn<>(name, by, writer, (_, _, _) -> {});
  }

  private static JobColumn.Writer[] writers(List<JobColumn<?>> columns) {
    return columns.stream().map(JobColumn::writer).toArray(JobColumn.Writer[]::new);
  }

  /** The names of all columns. */
  static List<String> names() {
    return names(ALL);
  }

  /** The names of the columns that an UPDATE sets, in the order in which they are bound. */
  static List<String> updated() {
    return names(UPDATED);
  }

  /**
   * The names of those but the payload that change with what a job is asked for, in the order of
   * their values.
   */
  static List<String> edited() {
    return names(EDITED);
  }

  private static List<String> names(List<JobColumn<?>> columns) {
    return columns.stream().map(JobColumn::name).toList();
  }

  /**
   * What {@link #read} reads, of the table under the alias {@code j}.
   *
   * @param instead expressions for columns of these names
   */
  static String select(Map<String, String> instead) {
    List<String> columns = new ArrayList<>();
    columns.add("j.id");
    Stream.concat(SPEC.stream(), COURSE.stream())
        .map(column -> instead.getOrDefault(column.name(), "j." + column.name()))
        .forEach(columns::add);
    return String.join(", ", columns);
  }

  /** Reads a job from a row that has the columns of {@link #select} first. */
  static Job read(ResultSet row, FieldCipher cipher) throws SQLException {
    int at = 1;
    JobSpec.Builder spec = JobSpec.builder("", "");
    for (int i = 0; i < SPEC.size(); i++) {
      SPEC.get(i).reader().read(row, ++at, spec);
    }
    JobBuilder job = Job.builder(JobId.of(row.getBytes(1)), spec.build(), Instant.EPOCH);
    for (int i = 0; i < COURSE.size(); i++) {
      COURSE.get(i).reader().read(row, ++at, job);
    }
    return opened(job.build(), cipher);
  }

  private static Job opened(Job job, FieldCipher cipher) {
    String payload = job.spec().payload();
    String result = job.result();
    boolean open = !SealedText.isSealed(payload);
    if (open && (result == null || !SealedText.isSealed(result))) {
      return job;
    }
    String opened = cipher.open(job.id(), Field.PAYLOAD, payload);
    return job.toBuilder()
        .spec(open ? job.spec() : job.spec().toBuilder().payload(opened).build())
        .result(result == null ? null : cipher.open(job.id(), Field.RESULT, result))
        .build();
  }

  /** Binds what {@link #INSERT} names; {@code at} is the number of values before it. */
  static void bindInsert(PreparedStatement to, int at, JobColumn.Row row) throws SQLException {
    bind(INSERTS, to, at, row);
  }

  /** Binds what {@link #updated} names; {@code at} is the number of values before it. */
  static void bindUpdate(PreparedStatement to, int at, JobColumn.Row row) throws SQLException {
    bind(UPDATES, to, at, row);
  }

  /** Binds the payload; {@code at} is the number of values before it. */
  static void bindPayload(PreparedStatement to, int at, JobColumn.Row row) throws SQLException {
    PAYLOAD.writer().write(to, at + 1, row);
  }

  /** Binds what {@link #edited} names; {@code at} is the number of values before it. */
  static void bindEdit(PreparedStatement to, int at, JobColumn.Row row) throws SQLException {
    bind(EDITS, to, at, row);
  }

  private static void bind(
      JobColumn.Writer[] writers, PreparedStatement to, int at, JobColumn.Row row)
      throws SQLException {
    for (int i = 0; i < writers.length; i++) {
      writers[i].write(to, at + i + 1, row);
    }
  }
}
