package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.NodeRef;
import io.quikqueue.domain.job.Transition;
import io.quikqueue.domain.port.JobSteps;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.run.CrashQuarantine.Turn;
import io.quikqueue.domain.usecase.run.NodePayloads.Resolved;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of jobs just taken: which start, which are dropped, which go back. */
final class AttemptAdmitter {

  /** Characters of payloads with the results of others in them, of one take. */
  private static final long MOST_RESOLVED = 8L << 20;

  private final String worker;
  private final AttemptLeases leases;
  private final JobStore store;
  private final Finish finish;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final JobSteps steps;
  private final NodePayloads payloads;
  private final Map<AttemptId, ActiveAttempt> held;
  private final CrashQuarantine quarantine;
  private final Redaction redaction;
  private final NodeSpawner spawner;
  private final BiFunction<ActiveAttempt, AttemptOutcome, @Nullable Completion> end;

  /** What was taken while the store is asked about it, which may take longer than a lease lasts. */
  private final Map<AttemptId, Job> asked = new ConcurrentHashMap<>();

  /**
   * @param held the attempts in the worker's hands; those that start are added
   * @param quarantine gets the jobs on their final crash budget
   * @param end ends an attempt that is held and must not run
   */
  AttemptAdmitter(
      String worker,
      AttemptLeases leases,
      JobStore store,
      Finish finish,
      InstantSource clock,
      LongSupplier nanoTime,
      JobSteps steps,
      NodePayloads payloads,
      Map<AttemptId, ActiveAttempt> held,
      CrashQuarantine quarantine,
      Redaction redaction,
      NodeSpawner spawner,
      BiFunction<ActiveAttempt, AttemptOutcome, @Nullable Completion> end) {
    this.worker = worker;
    this.leases = leases;
    this.store = store;
    this.finish = finish;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.steps = steps;
    this.payloads = payloads;
    this.held = held;
    this.quarantine = quarantine;
    this.redaction = redaction;
    this.spawner = spawner;
    this.end = end;
  }

  /** See {@link AttemptLifecycle#admit}. */
  AdmissionResult admit(List<Job> taken, Consumer<ActiveAttempt> start) {
    return admit(taken, null, start);
  }

  /** Starts a job whose trial it is, as others are started. */
  AdmissionResult admit(Turn.Trial trial, Consumer<ActiveAttempt> start) {
    return admit(List.of(trial.suspect()), trial, start);
  }

  private AdmissionResult admit(
      List<Job> taken, Turn.@Nullable Trial trial, Consumer<ActiveAttempt> start) {
    Set<AttemptId> current = askWhichAreCurrent(taken);
    Map<AttemptId, Resolved> resolved = resolve(taken, current);
    Instant now = clock.instant();
    List<AttemptId> outdated = new ArrayList<>();
    List<ActiveAttempt> toMark = new ArrayList<>();
    List<Job> tooMany = new ArrayList<>();
    List<Completion> ended = new ArrayList<>(0);
    int started = 0;
    for (Job job : taken) {
      AttemptId id = job.attemptId();
      if (asked.remove(id) == null) {
        continue; // its lease went to another meanwhile
      }
      if (!current.contains(id)) {
        outdated.add(id);
        continue;
      }
      if (trial == null && CrashQuarantine.onFinalCrashBudget(job)) {
        if (!held.containsKey(id) && !quarantine.offer(job)) {
          tooMany.add(job);
        }
        continue;
      }
      Resolved given = resolved.get(id);
      if (given == null && refers(job)) {
        tooMany.add(job);
        continue;
      }
      ActiveAttempt attempt =
          new ActiveAttempt(
              given == null ? job : given.job(), job, now, nanoTime, steps, redaction, spawner);
      boolean marksFirst = marksFirst(attempt.job());
      if (marksFirst) {
        attempt.askMark(); // before it is seen: whoever finds it lasting must not mark it too
      }
      if (held.putIfAbsent(id, attempt) != null) {
        continue; // taken twice: the ready queue was wiped and rebuilt while it runs here
      }
      AttemptOutcome unstarted = Unstarted.outcome(attempt, job, given, now);
      if (unstarted != null) {
        end(attempt, unstarted, ended);
      } else if (marksFirst) {
        toMark.add(attempt);
      } else {
        start.accept(attempt);
        started++;
      }
    }
    try {
      if (!toMark.isEmpty()) {
        started += startMarked(toMark, trial, start, ended, outdated);
      }
      if (!outdated.isEmpty()) {
        finish.forget(outdated);
      }
    } catch (RuntimeException e) {
      // A bug. Nobody hears of these, so they are held no longer: their leases expire.
      ended.forEach(each -> held.remove(each.attempt().id(), each.attempt()));
      throw e;
    }
    leases.giveBack(tooMany);
    return new AdmissionResult(started, ended, quarantine.isFull());
  }

  /** What is leased and neither held nor in the quarantine, at a moment. */
  List<Job> asked() {
    return new ArrayList<>(asked.values());
  }

  /** Forgets one whose lease went to another. */
  void lost(AttemptId attempt) {
    asked.remove(attempt);
  }

  /**
   * Records that an attempt on trial is not alone any more, before anything starts beside it.
   *
   * @throws UnavailableException when the store cannot be reached; nothing may start
   */
  void join(ActiveAttempt tried) {
    Transition joined = tried.stored().besideOthers(clock.instant()).by(worker);
    if (store.save(List.of(joined)).applied().contains(tried.id())) {
      tried.stored(joined.after());
    }
    quarantine.joined();
  }

  private Set<AttemptId> askWhichAreCurrent(List<Job> taken) {
    List<AttemptId> ids = new ArrayList<>(taken.size());
    for (Job job : taken) {
      AttemptId id = job.attemptId();
      ids.add(id);
      asked.put(id, job);
    }
    try {
      return store.current(ids);
    } catch (RuntimeException e) {
      asked.clear();
      leases.giveBack(taken);
      throw e;
    }
  }

  private static boolean refers(Job job) {
    NodeRef node = job.spec().node();
    return node != null && node.refers();
  }

  /**
   * Those that refer to the results of others and may start, as many as memory is for: the others
   * are given back.
   */
  private Map<AttemptId, Resolved> resolve(List<Job> taken, Set<AttemptId> current) {
    Map<AttemptId, Resolved> resolved = new HashMap<>(0);
    long chars = 0;
    try {
      for (Job job : taken) {
        if (chars < MOST_RESOLVED && refers(job) && current.contains(job.attemptId())) {
          Resolved given = payloads.resolve(job, clock.instant());
          chars += given.chars();
          resolved.put(job.attemptId(), given);
        }
      }
    } catch (RuntimeException e) {
      taken.forEach(job -> asked.remove(job.attemptId()));
      leases.giveBack(taken);
      throw e;
    }
    return resolved;
  }

  /**
   * Whether the job must be RUNNING before it starts: it may expire, crash, or get another payload,
   * at once.
   */
  private boolean marksFirst(Job job) {
    return job.timer() != null || job.spec().unique() != null || quarantine.marksFirst(job);
  }

  private void end(ActiveAttempt attempt, AttemptOutcome outcome, List<Completion> ended) {
    Completion completion = end.apply(attempt, outcome);
    if (completion != null) {
      ended.add(completion);
    }
  }

  /**
   * Records RUNNING in one transaction, then starts those for which that took effect.
   *
   * @param trial the one to start is on trial; null = none is
   * @param ended gets all when the store cannot be reached
   * @param outdated gets those whose jobs have moved on
   * @return how many were started
   */
  private int startMarked(
      List<ActiveAttempt> attempts,
      Turn.@Nullable Trial trial,
      Consumer<ActiveAttempt> start,
      List<Completion> ended,
      List<AttemptId> outdated) {
    List<Transition> marks = new ArrayList<>(attempts.size());
    Set<AttemptId> applied;
    try {
      boolean alone = trial != null && trial.alone();
      for (ActiveAttempt attempt : attempts) {
        marks.add(
            (alone ? attempt.stored().startAlone(attempt.startedAt()) : attempt.starting())
                .by(worker));
      }
      applied = store.save(marks).applied();
    } catch (UnavailableException e) {
      for (ActiveAttempt attempt : attempts) {
        attempt.stored(
            attempt.starting().after()); // perhaps; then the mark goes when it is handed back
        end(attempt, new AttemptOutcome.Released(clock.instant()), ended);
      }
      return 0;
    } catch (RuntimeException e) {
      // A bug. They are held no longer, so that their leases expire.
      attempts.forEach(attempt -> held.remove(attempt.id(), attempt));
      throw e;
    }
    for (int i = 0; i < attempts.size(); i++) {
      ActiveAttempt attempt = attempts.get(i);
      if (applied.contains(attempt.id())) {
        attempt.stored(marks.get(i).after());
        if (trial != null) {
          quarantine.began(attempt, trial.alone());
        }
        start.accept(attempt);
      } else {
        held.remove(attempt.id());
        outdated.add(attempt.id());
      }
    }
    return applied.size();
  }
}
