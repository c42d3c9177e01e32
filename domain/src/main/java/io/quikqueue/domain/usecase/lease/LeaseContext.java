package io.quikqueue.domain.usecase.lease;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.TakeRequest;
import io.quikqueue.domain.port.Workers;
import io.quikqueue.domain.usecase.desired.DesiredInForce;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.limit.LimitsInForce;
import io.quikqueue.domain.usecase.listen.JobListener;
import io.quikqueue.domain.usecase.listen.ListenedJobStore;
import io.quikqueue.domain.usecase.pause.PausesInForce;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.run.AttemptLifecycle;
import io.quikqueue.domain.usecase.run.NodeSpawner;
import io.quikqueue.domain.usecase.run.WorkerSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the pull workers of a process have in common. */
final class LeaseContext {

  /** Jobs that are read whole at once: up to 1 MiB each. */
  static final int MOST_READ = 16;

  /** Tells pull workers from workers of this program, whose names a stranger could use. */
  private static final String PULL = "pull:";

  /** Jobs of one worker that may wait in quarantine. */
  private static final int MOST_QUARANTINED = 100;

  /** Characters of payloads that all workers hold together. */
  private static final long MOST_HELD_CHARS = 48L << 20;

  private final ReadyQueue ready;
  private final JobStore store;
  private final JobJournal journal;
  private final Workers workers;
  private final DesiredInForce desired;
  private final PausesInForce pauses;
  private final LimitsInForce limits;
  private final InstantSource clock;
  private final Meter meter;
  private final LongSupplier nanoTime;
  private final DoubleSupplier random;
  private final Finish finish;
  private final Redaction redaction;
  private final Consumer<JobSpec> resolved;
  private final NodeSpawner spawner;

  /** Of jobs that are read whole for a while, so that few are at a time. */
  private final Semaphore reading = new Semaphore(2, true);

  private volatile boolean crowded;

  /** Attempts whose outcomes are being recorded, with the job once that took effect. */
  private final Map<AttemptId, Optional<Job>> recording = new ConcurrentHashMap<>();

  LeaseContext(Leases.Ports ports, LongSupplier nanoTime, DoubleSupplier random) {
    this.ready = ports.ready();
    this.store = new ListenedJobStore(ports.store(), JobListener.ofEach(this::recorded));
    this.journal = ports.journal();
    this.workers = ports.workers();
    this.desired = ports.desired();
    this.pauses = ports.pauses();
    this.limits = ports.limits();
    this.clock = ports.clock();
    this.meter = ports.meter();
    this.nanoTime = nanoTime;
    this.random = random;
    this.redaction = ports.redaction();
    this.resolved = ports.resolved();
    this.spawner = ports.spawner();
    this.finish = new Finish(store, ready, meter);
  }

  private void recorded(Job job) {
    recording.computeIfPresent(job.attemptId(), (_, _) -> Optional.of(job));
  }

  /** What the store and the ready queue know a worker as. */
  static String holder(String worker) {
    return PULL + worker;
  }

  /** Whether this is the holder of a lease over HTTP. */
  static boolean isHolder(String holder) {
    return holder.startsWith(PULL);
  }

  /**
   * @param reservation keeps the worker for this process while a job is to run alone in it
   */
  PullWorker worker(String name, Reservation reservation) {
    // All are marked RUNNING before they start: a lease that the store does not know of is no
    // worker's, whoever asks for it.
    WorkerSettings settings =
        new WorkerSettings(
            holder(name),
            Set.of(),
            MOST_QUARANTINED,
            MOST_QUARANTINED,
            1,
            LeaseRequest.USUAL_LENGTH,
            WorkerSettings.DEFAULT_STOP_GRACE,
            WorkerSettings.DEFAULT_MAX_RESULT,
            _ -> true,
            redaction,
            Map.of(),
            resolved,
            spawner);
    return new PullWorker(
        this,
        name,
        new AttemptLifecycle(
            settings, ready, store, journal, finish, clock, nanoTime, reservation::isAlone, meter),
        reservation);
  }

  /** What a worker is asked to be; null = what it likes. */
  @Nullable DesiredState desired(String worker) {
    return desired.of(holder(worker));
  }

  /** What to name in the place of no types: nothing, unless some are paused. */
  Set<String> typesInsteadOfAll() {
    return pauses.anyType() ? workers.types() : Set.of();
  }

  /** Takes what is not paused, under the limits. */
  List<Job> take(TakeRequest wanted) {
    TakeRequest request = pauses.allowed(wanted.under(limits.table()));
    try {
      return request == null ? List.of() : ready.take(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Whether a request wants jobs like this one, and they are not paused. */
  boolean wants(LeaseRequest request, Job job) {
    JobSpec spec = job.spec();
    return spec.queue().equals(request.queue())
        && (request.types().isEmpty() || request.types().contains(spec.type()))
        && !pauses.hold(spec);
  }

  /** The jobs of which one of these attempts is RUNNING; no others are read whole. */
  List<Job> running(Collection<AttemptId> attempts) {
    Map<JobId, JobState> states =
        store.states(attempts.stream().map(AttemptId::job).distinct().toList());
    List<JobId> running = new ArrayList<>();
    states.forEach(
        (id, state) -> {
          if (state == JobState.RUNNING) {
            running.add(id);
          }
        });
    if (running.isEmpty()) {
      return List.of();
    }
    return store.find(running).values().stream()
        .filter(job -> job.state() == JobState.RUNNING && attempts.contains(job.attemptId()))
        .toList();
  }

  /** Does what reads jobs whole; two such at a time. */
  <T> T reading(Supplier<T> what) {
    reading.acquireUninterruptibly();
    try {
      return what.get();
    } finally {
      reading.release();
    }
  }

  /** Whether all workers together hold so much that nothing more is kept. */
  boolean isCrowded() {
    return crowded;
  }

  /**
   * Told now and then how much the workers hold.
   *
   * @param chars the length of the texts in memory
   */
  void holds(long chars) {
    crowded = chars > MOST_HELD_CHARS;
  }

  /** Has outcomes recorded; returns the jobs as they are by those that took effect. */
  Map<AttemptId, Job> recording(List<AttemptId> attempts, Runnable record) {
    attempts.forEach(id -> recording.put(id, Optional.empty()));
    Map<AttemptId, Job> recorded = new HashMap<>();
    try {
      record.run();
    } finally {
      for (AttemptId id : attempts) {
        Optional<Job> job = recording.remove(id);
        if (job != null) {
          job.ifPresent(after -> recorded.put(id, after));
        }
      }
    }
    return recorded;
  }

  /** The time after a while, as precise as other times are told. */
  Instant after(Duration time) {
    return clock.instant().plus(time).truncatedTo(ChronoUnit.MICROS);
  }

  JobSteps steps() {
    return journal.steps();
  }

  JobStore store() {
    return store;
  }

  InstantSource clock() {
    return clock;
  }

  LongSupplier nanoTime() {
    return nanoTime;
  }

  DoubleSupplier random() {
    return random;
  }
}
