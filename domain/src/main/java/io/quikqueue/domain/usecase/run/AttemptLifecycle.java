package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.port.AttemptSnapshot;
import io.quikqueue.domain.port.JobHandler;
import io.quikqueue.domain.port.JobJournal;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.Meter;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.redact.SecretValues;
import io.quikqueue.domain.usecase.run.CrashQuarantine.Turn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the attempts of one worker, from take to record: they are admitted, marked
 * RUNNING when they last, their leases renewed, and they are completed or released. It starts no
 * threads and never waits; time comes in. {@link Worker} puts threads, slots and waiting around it;
 * the simulation calls it step by step. There is no second orchestration of an attempt.
 *
 * <p>For a worker outside this process, which leases jobs over HTTP, the process that it calls
 * keeps one lifecycle under that worker's name: a crash, a lease and a quarantine are each one
 * worker's. Of its requests a lease is {@link #next}, a take and {@link #admit}, whose {@code
 * start} collects what to answer; a heartbeat is {@link #renew(List, Duration)}, answered with the
 * attempts that are {@link ActiveAttempt#stopped}; a report is {@link #end}, then {@link #complete}
 * for all that it names; a release is {@link #end} with {@link AttemptOutcome.Released}. When it is
 * not heard of, nothing is renewed and its leases expire. When a report is about an attempt that
 * another process admitted, {@link #adopt} comes first. No handler has to be here.
 *
 * <p>{@link #next}, {@link #admit} and {@link #releaseQuarantined} are for one thread at a time,
 * the rest for any.
 */
public final class AttemptLifecycle {

  private final Map<AttemptId, ActiveAttempt> held = new ConcurrentHashMap<>();
  private final JobStore store;
  private final LongSupplier nanoTime;
  private final Meter meter;
  private final Redaction redaction;
  private final AttemptLeases leases;
  private final CrashQuarantine quarantine;
  private final AttemptAdmitter admitter;
  private final LeaseRenewal renewal;
  private final CompletionWriter writer;
  private final LogWriter logs;

  /**
   * @param clock the store's clock
   * @param nanoTime monotonic time
   * @param idle whether no handler of the worker runs, not even one whose attempt is over; for a
   *     worker outside this process, always
   */
  public AttemptLifecycle(
      WorkerSettings settings,
      ReadyQueue ready,
      JobStore store,
      JobJournal journal,
      Finish finish,
      InstantSource clock,
      LongSupplier nanoTime,
      BooleanSupplier idle,
      Meter meter) {
    this.store = store;
    this.nanoTime = nanoTime;
    this.meter = meter;
    this.redaction = settings.redaction();
    this.leases = new AttemptLeases(ready, settings, nanoTime);
    this.quarantine =
        new CrashQuarantine(held, idle, nanoTime, settings.slots(), settings.startsMarked());
    this.admitter =
        new AttemptAdmitter(
            settings.id(),
            leases,
            store,
            finish,
            clock,
            nanoTime,
            journal.steps(),
            new NodePayloads(journal.workflows(), settings.resolved(), settings.spawner()),
            held,
            quarantine,
            redaction,
            settings.spawner(),
            this::end);
    this.renewal =
        new LeaseRenewal(
            leases,
            admitter,
            quarantine,
            held,
            clock,
            nanoTime,
            journal.steps(),
            redaction,
            settings.spawner());
    this.writer = new CompletionWriter(store, finish, settings.id());
    this.logs = new LogWriter(journal.logs());
  }

  /** What a worker may do now. */
  public sealed interface Step {

    /** Take jobs and {@link #admit} them. */
    record Take() implements Step {}

    /** Start nothing for a moment. */
    record Wait() implements Step {}

    /** It was the turn of a job in quarantine, which may have gone back; then ask again. */
    record Admitted(AdmissionResult admission) implements Step {}
  }

  /**
   * Says what the worker may do, after it has started the job in quarantine whose turn it is, or
   * has told the store that such a job is not alone any more.
   *
   * @param wanted whether a job may start now: it may have been paused since it was taken; one that
   *     may not goes back
   * @param start as for {@link #admit}
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; nothing
   *     may start
   */
  public Step next(Predicate<Job> wanted, Consumer<ActiveAttempt> start) {
    return switch (quarantine.next()) {
      case Turn.Open() -> new Step.Take();
      case Turn.Closed() -> new Step.Wait();
      case Turn.Trial trial when wanted.test(trial.suspect()) ->
          new Step.Admitted(admitter.admit(trial, start));
      case Turn.Trial(var unwanted, _) -> {
        leases.giveBack(List.of(unwanted));
        yield new Step.Admitted(AdmissionResult.NONE);
      }
      case Turn.Join(var tried) -> {
        admitter.join(tried);
        yield new Step.Admitted(AdmissionResult.NONE);
      }
    };
  }

  /**
   * Asks the store which of the jobs taken may still start, and starts them. Those that have moved
   * on are forgotten by the ready queue; those that may have ended their workers wait in the
   * quarantine, still leased, as far as there is room, or else go back.
   *
   * @param start gets each attempt that may run, which is held from then on; must not throw
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; all
   *     were given back
   */
  public AdmissionResult admit(List<Job> taken, Consumer<ActiveAttempt> start) {
    return admitter.admit(taken, start);
  }

  /**
   * Records RUNNING; stops the attempts whose jobs have moved on. To be repeated if it throws, and
   * not at the same time as {@link #complete} for the same attempt.
   */
  public void mark(List<ActiveAttempt> lasting) {
    if (!lasting.isEmpty()) {
      writer.mark(lasting, nanoTime.getAsLong());
    }
  }

  /**
   * Stores what attempts have logged, in transactions of 1,000 lines at most.
   *
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached; what is
   *     not stored is kept, and to be stored by another call
   */
  public void writeLogs(Collection<ActiveAttempt> attempts) {
    logs.write(attempts);
  }

  /**
   * Renews the leases of some attempts that are held, and of the jobs in the quarantine. Attempts
   * whose lease is found to be lost are stopped.
   *
   * @param attempts at most 500 of those that are held
   * @throws io.quikqueue.domain.port.UnavailableException when the ready queue cannot be reached
   */
  public void renew(List<ActiveAttempt> attempts, Duration lease) {
    renewal.renew(attempts, lease);
  }

  /**
   * Holds attempts that another process admitted for this worker, or this one before it was started
   * anew. Those whose lease is not the worker's are held no longer.
   *
   * @param running jobs that are RUNNING, at most 500
   * @throws io.quikqueue.domain.port.UnavailableException when the ready queue cannot be reached;
   *     none is held
   */
  public void adopt(List<Job> running, Duration lease) {
    renewal.adopt(running, lease);
  }

  /** An attempt that is held; null = it is not. */
  public @Nullable ActiveAttempt find(AttemptId attempt) {
    return held.get(attempt);
  }

  /** Holds an attempt no longer that may go on elsewhere. */
  public void letGo(ActiveAttempt attempt) {
    held.remove(attempt.id(), attempt);
  }

  /**
   * Renews all leases but those that are known to be lost, and stops attempts whose lease is found
   * to be lost now. When the ready queue cannot be reached nothing is lost yet.
   */
  public void renew() {
    renewal.renew();
  }

  /**
   * Stops the attempts whose jobs were cancelled or have moved on.
   *
   * @param running at most 500 of those that are held
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public void stopSuperseded(List<ActiveAttempt> running) {
    if (running.isEmpty()) {
      return;
    }
    Set<AttemptId> current = store.current(running.stream().map(ActiveAttempt::id).toList());
    for (ActiveAttempt attempt : running) {
      if (!attempt.over() && !current.contains(attempt.id())) {
        attempt.stop(ActiveAttempt.Stop.CANCELLED, nanoTime.getAsLong());
      }
    }
  }

  /**
   * An attempt is over. It stays held and leased until it is completed. What is secret of its job
   * is masked in its error and its note, which are stored, logged and published as they are from
   * then on.
   *
   * @return what is to be completed; null when the attempt was over already
   */
  public @Nullable Completion end(ActiveAttempt attempt, AttemptOutcome outcome) {
    if (!attempt.end()) {
      return null;
    }
    AttemptOutcome told = masked(attempt.secrets(), outcome);
    attempt.hold(told);
    AttemptMeasure.tell(meter, attempt, told, nanoTime.getAsLong());
    return new Completion(attempt, told);
  }

  private static AttemptOutcome masked(SecretValues secrets, AttemptOutcome outcome) {
    return switch (outcome) {
      case AttemptOutcome.Succeeded(var result, var at, var spawned) when result.note() != null ->
          new AttemptOutcome.Succeeded(
              new JobHandler.Result(result.json(), secrets.mask(result.note())), at, spawned);
      case AttemptOutcome.Failed(var failure, var random, var at) ->
          new AttemptOutcome.Failed(Redaction.masked(secrets, failure), random, at);
      case AttemptOutcome.Postponed(var put, var random, var at) ->
          new AttemptOutcome.Postponed(Redaction.masked(secrets, put), random, at);
      case AttemptOutcome.Succeeded _,
          AttemptOutcome.Suspended _,
          AttemptOutcome.Expired _,
          AttemptOutcome.Released _,
          AttemptOutcome.Crashed _,
          AttemptOutcome.Superseded _,
          AttemptOutcome.LeaseLost _ ->
          outcome;
    };
  }

  /**
   * Records how attempts ended; then they are held no longer, and those that were released are
   * ready for any worker. When it throws, nothing may be taken for recorded, and the whole batch is
   * to be completed again.
   *
   * @param batch at most 1,000
   * @throws io.quikqueue.domain.port.UnavailableException when the store cannot be reached
   */
  public void complete(List<Completion> batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<Job> released = writer.complete(batch);
    forget(batch);
    leases.giveBack(released);
  }

  /** Holds attempts no longer whose outcomes cannot be recorded: their leases run out. */
  public void forget(List<Completion> batch) {
    batch.forEach(each -> held.remove(each.attempt().id(), each.attempt()));
  }

  /** Gives back attempts that did not start although their outcomes cannot be recorded. */
  public void giveBack(List<Completion> unstarted) {
    forget(unstarted);
    leases.giveBack(unstarted.stream().map(each -> each.attempt().taken()).toList());
  }

  /** Gives back jobs that were taken and not admitted. */
  public void release(List<Job> taken) {
    leases.giveBack(taken);
  }

  /** Gives back the jobs that wait in the quarantine. */
  public void releaseQuarantined() {
    leases.giveBack(quarantine.drain());
  }

  /** The attempts that were admitted and are not completed, at a moment. */
  public Collection<ActiveAttempt> held() {
    return Collections.unmodifiableCollection(held.values());
  }

  /** What runs now. */
  public List<AttemptSnapshot> running() {
    return held.values().stream()
        .filter(attempt -> !attempt.over())
        .map(ActiveAttempt::snapshot)
        .toList();
  }

  /** Whether jobs wait in the quarantine. */
  public boolean quarantines() {
    return !quarantine.isEmpty();
  }

  /** The length of the texts that are kept in memory. */
  public long chars() {
    long chars = 0;
    for (Job job : quarantine.waiting()) {
      chars += job.chars();
    }
    for (ActiveAttempt attempt : held.values()) {
      chars += attempt.chars();
    }
    return chars;
  }
}
