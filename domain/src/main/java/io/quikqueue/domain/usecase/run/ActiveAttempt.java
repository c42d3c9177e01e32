package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.SpawnedNode;
import io.quikqueue.domain.job.Surrogates;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.DurableSteps;
import io.quikqueue.domain.port.JobRun;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.LogLine;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.port.SpawnRequest;
import io.quikqueue.domain.usecase.finish.LogText;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.redact.SecretValues;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt in the hands of this worker, from take until it is recorded. */
public final class ActiveAttempt implements JobRun {

  /** Why an attempt is asked to stop before its handler is done. */
  public enum Stop {
    TIMED_OUT,
    CANCELLED,
    LOST,
    DRAINED
  }

  private static final Logger LOG = System.getLogger("io.quikqueue.job");
  private static final int MAX_MESSAGE = 200;
  private static final int MAX_LINE = 2000;

  /** Lines of one attempt; what is more is counted. */
  private static final int MAX_LINES = 1000;

  private final Job job;
  private final Instant startedAt;
  private final LongSupplier nanoTime;
  private final Redaction redaction;
  private final JobSteps stepStore;
  private final AttemptSpawns spawns;
  private final AtomicReference<@Nullable Suspension> suspension = new AtomicReference<>();
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicLong lines = new AtomicLong();
  private final AtomicReference<@Nullable PendingLines> unstored = new AtomicReference<>();
  private volatile Job stored;
  private volatile long startNanos;
  private volatile long takenNanos;
  private volatile boolean logAsked;
  private @Nullable AttemptSteps steps;
  private volatile long chars;
  private volatile boolean markAsked;
  private volatile long stoppedNanos;
  private volatile @Nullable Thread thread;
  private volatile boolean returned;
  private volatile @Nullable Progress progress;
  private volatile @Nullable SecretValues secrets;

  /**
   * @param job as its handler gets it
   * @param stored as the store has it, which differs where the payload has results of other jobs
   * @param nanoTime monotonic time
   * @param redaction keeps what is secret out of what the handler tells
   * @param spawner makes nodes of what the handler wants to add
   */
  ActiveAttempt(
      Job job,
      Job stored,
      Instant startedAt,
      LongSupplier nanoTime,
      JobSteps stepStore,
      Redaction redaction,
      NodeSpawner spawner) {
    this.spawns = new AttemptSpawns(job, spawner);
    this.redaction = redaction;
    this.job = job;
    this.stored = stored;
    this.startedAt = startedAt;
    this.nanoTime = nanoTime;
    this.stepStore = stepStore;
    this.startNanos = nanoTime.getAsLong();
    this.takenNanos = startNanos;
    this.chars = job.chars();
  }

  /** An attempt of a RUNNING job that has run for a while, in a worker outside this process. */
  static ActiveAttempt adopt(
      Job running,
      Instant now,
      LongSupplier nanoTime,
      JobSteps stepStore,
      Redaction redaction,
      NodeSpawner spawner) {
    Instant started = running.startedAt() == null ? now : running.startedAt();
    Job taken = running.release(running.updatedAt()).after();
    ActiveAttempt attempt =
        new ActiveAttempt(taken, taken, started, nanoTime, stepStore, redaction, spawner);
    attempt.stored = running;
    attempt.secrets = redaction.valuesOfStored(running.spec());
    attempt.startNanos -= Math.max(0, Duration.between(started, now).toNanos());
    attempt.takenNanos = attempt.startNanos;
    return attempt;
  }

  /** Its job and number. */
  public AttemptId id() {
    return job.attemptId();
  }

  Instant startedAt() {
    return startedAt;
  }

  /** The job as the store has it: QUEUED, or RUNNING once that is recorded. */
  Job stored() {
    return stored;
  }

  void stored(Job now) {
    stored = now;
  }

  /** Its start, which the store does not know yet. */
  Transition starting() {
    return stored.start(startedAt);
  }

  /** What the verb does to the job as it really is: RUNNING, whether the store knows or not. */
  Transition running(Function<Job, Transition> verb) {
    Job now = stored;
    return now.state() == JobState.RUNNING ? verb.apply(now) : now.start(startedAt).then(verb);
  }

  /** True once: the first caller is to ask for the RUNNING mark. */
  boolean askMark() {
    boolean first = !markAsked;
    markAsked = true;
    return first;
  }

  /** Whether the mark was asked for, and so may be on its way. */
  boolean markAsked() {
    return markAsked;
  }

  /** What its handler runs in; null before it begins. */
  @Nullable Thread thread() {
    return thread;
  }

  /** For how long its handler runs or, before it begins, for how long it has been here. */
  Duration ran(long nanos) {
    return Duration.ofNanos(nanos - startNanos);
  }

  /** Its handler begins, in a thread that an interrupt must reach. */
  void begin(Thread runner, long nanos) {
    startNanos = nanos;
    thread = runner;
    if (stop.get() != null) {
      runner.interrupt();
    }
  }

  /** Asks the handler to stop; the first reason stands. */
  void stop(Stop why, long nanos) {
    if (stop.get() != null) {
      return; // asked again every second, but its patience counts from the first time
    }
    stoppedNanos = nanos;
    if (stop.compareAndSet(null, why)) {
      Thread runner = thread;
      if (runner != null) {
        runner.interrupt();
      }
    }
  }

  /** Whether the store knows that it runs with nothing beside it. */
  public boolean onTrial() {
    return stored.runsAlone();
  }

  /** Why it is asked to stop; null = it is not. */
  public @Nullable Stop stopped() {
    return stop.get();
  }

  /** Whether its lease went to another, so that it is not to be renewed. */
  boolean lost() {
    return stop.get() == Stop.LOST;
  }

  /** How long ago the handler was asked to stop; zero if it was not. */
  Duration sinceStop(long nanos) {
    return stop.get() == null ? Duration.ZERO : Duration.ofNanos(nanos - stoppedNanos);
  }

  /** Its handler has returned or thrown. */
  void returned() {
    returned = true;
  }

  boolean hasReturned() {
    return returned;
  }

  /** True once: the first caller reports the outcome. */
  boolean end() {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      sayHowManyLinesWereDropped();
    }
    return first;
  }

  private void sayHowManyLinesWereDropped() {
    long dropped = lines.get() - MAX_LINES;
    if (dropped > 0) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=job_log_dropped job_id=%s attempt=%d lines=%d most=%d"
                  .formatted(id().job(), id().number(), dropped, MAX_LINES));
    }
  }

  /** The job as it was taken: without the results that it refers to. */
  Job taken() {
    return job.toBuilder().spec(stored.spec()).build();
  }

  /** The length of the texts it keeps in memory. */
  long chars() {
    return chars;
  }

  /** Its result is kept too, until it is recorded. */
  void hold(AttemptOutcome outcome) {
    if (outcome instanceof AttemptOutcome.Succeeded(var result, var _, var spawned)) {
      String json = result.json();
      chars += (json == null ? 0 : json.length()) + AttemptSpawns.weight(spawned);
    }
  }

  /** Whether it was ended, and perhaps not yet recorded. */
  public boolean over() {
    return ended.get();
  }

  AttemptSnapshot snapshot() {
    return new AttemptSnapshot(id(), job.spec().type(), startedAt, progress);
  }

  @Override
  public Job job() {
    return job;
  }

  @Override
  public Duration timeLeft() {
    Duration left = job().spec().policy().timeout().minus(ran(nanoTime.getAsLong()));
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public boolean cancelled() {
    return stop.get() != null;
  }

  @Override
  public void progress(int percent, @Nullable String message) {
    String told = masked(message);
    String cut = told == null ? null : Surrogates.start(told, MAX_MESSAGE);
    progress = new Progress(Math.clamp(percent, 0, 100), cut);
  }

  @Override
  public synchronized DurableSteps steps() {
    AttemptSteps present = steps;
    if (present == null) {
      present = new AttemptSteps(this, stepStore);
      steps = present;
    }
    return present;
  }

  @Override
  public void spawn(List<SpawnRequest> nodes) {
    spawns.add(nodes, now());
  }

  /** The nodes that it adds to the workflow of its job if it succeeds now. */
  List<SpawnedNode> spawned() {
    return spawns.all();
  }

  /**
   * Makes nodes of what a worker outside this process wants to add with its success, at once; the
   * attempt does not keep them. Throws as {@link #spawn}.
   */
  public List<SpawnedNode> toSpawn(List<SpawnRequest> nodes) {
    return spawns.toAdd(nodes, now());
  }

  /** It is to end now, and its job to sleep; the first wish stands. */
  void suspend(Instant until, String why) {
    suspension.compareAndSet(null, new Suspension(until, why));
  }

  /** That its job is to sleep; null = it is not. */
  public AttemptOutcome.@Nullable Suspended suspended(Instant at) {
    Suspension wanted = suspension.get();
    return wanted == null ? null : new AttemptOutcome.Suspended(wanted.until(), wanted.why(), at);
  }

  /** The store has said that its job has moved on. */
  void superseded() {
    stop(Stop.CANCELLED, nanoTime.getAsLong());
  }

  /** The first of the lines that it has logged and that are not stored yet. */
  List<LogLine> unstoredLines(int most) {
    PendingLines lines = unstored.get();
    return lines == null ? List.of() : lines.first(most);
  }

  /** Lines that it has logged are stored, the first ones. */
  void linesStored(List<LogLine> first) {
    PendingLines lines = unstored.get();
    if (lines != null) {
      lines.stored(first);
    }
  }

  boolean hasUnstoredLines() {
    PendingLines lines = unstored.get();
    return lines != null && !lines.isEmpty();
  }

  /** True when lines are to be stored, and nobody has been asked to yet. */
  boolean askLogWrite() {
    if (logAsked || !hasUnstoredLines()) {
      return false;
    }
    logAsked = true;
    return true;
  }

  /** Its lines were stored; what it logs from now on is to be asked for. */
  void logsWritten() {
    logAsked = false;
  }

  private PendingLines pendingLines() {
    PendingLines present = unstored.get();
    if (present != null) {
      return present;
    }
    PendingLines made = new PendingLines();
    return unstored.compareAndSet(null, made) ? made : pendingLines();
  }

  /** By the store's clock as it was when the attempt was taken, and monotonic time since. */
  Instant now() {
    return startedAt.plusNanos(nanoTime.getAsLong() - takenNanos).truncatedTo(ChronoUnit.MICROS);
  }

  /** What of the job is secret is looked up once: a handler may tell much. */
  SecretValues secrets() {
    SecretValues known = secrets;
    if (known == null) {
      known = redaction.values(job.spec());
      secrets = known;
    }
    return known;
  }

  private @Nullable String masked(@Nullable String text) {
    return secrets().mask(text);
  }

  @Override
  public void log(@Nullable String line) {
    String told = masked(line);
    pendingLines().add(LogLine.of(id(), now(), told));
    if (lines.getAndIncrement() >= MAX_LINES) {
      return;
    }
    LOG.log(
        Level.INFO,
        () ->
            "event=job_log job_id=%s attempt=%d line=\"%s\""
                .formatted(
                    id().job(), id().number(), LogText.escape(String.valueOf(told), MAX_LINE)));
  }
}
