package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of jobs just taken: which start, which are dropped, which go back. */
final class AttemptAdmitter {

  private final WorkerSettings settings;
  private final AttemptLeases leases;
  private final JobStore store;
  private final Finish finish;
  private final InstantSource clock;
  private final Map<AttemptId, ActiveAttempt> held;
  private final CrashQuarantine quarantine;

  /** What was taken while the store is asked about it, which may take longer than a lease lasts. */
  private final Map<AttemptId, JobMessage> asked = new ConcurrentHashMap<>();

  /**
   * @param held the attempts in the worker's hands; those that start are added
   * @param quarantine gets the suspects
   */
  AttemptAdmitter(
      WorkerSettings settings,
      AttemptLeases leases,
      JobStore store,
      Finish finish,
      InstantSource clock,
      Map<AttemptId, ActiveAttempt> held,
      CrashQuarantine quarantine) {
    this.settings = settings;
    this.leases = leases;
    this.store = store;
    this.finish = finish;
    this.clock = clock;
    this.held = held;
    this.quarantine = quarantine;
  }

  /**
   * Asks the store which of the jobs may still start, and starts them.
   *
   * @param start gets each attempt to run, now held; must not throw
   * @param end gets each attempt that is held and must not run, and how it ended; must not throw
   * @return how many are held; suspects wait in the quarantine as far as there is room, or else go
   *     back
   * @throws UnavailableException when the store cannot be reached; all were given back
   */
  int startAll(
      List<JobMessage> taken,
      Consumer<ActiveAttempt> start,
      BiConsumer<ActiveAttempt, AttemptOutcome> end) {
    return startAll(taken, null, start, end);
  }

  /**
   * Starts a suspect, as {@link #startAll} starts others; returns how many are held: one or none.
   */
  int startTrial(
      CrashQuarantine.Turn.Trial trial,
      Consumer<ActiveAttempt> start,
      BiConsumer<ActiveAttempt, AttemptOutcome> end) {
    return startAll(List.of(trial.suspect()), trial, start, end);
  }

  private int startAll(
      List<JobMessage> taken,
      CrashQuarantine.Turn.@Nullable Trial trial,
      Consumer<ActiveAttempt> start,
      BiConsumer<ActiveAttempt, AttemptOutcome> end) {
    taken.forEach(message -> asked.put(message.job().attemptId(), message));
    Set<AttemptId> current;
    try {
      current = store.current(ids(taken));
    } catch (UnavailableException e) {
      asked.clear();
      leases.giveBack(taken);
      throw e;
    }
    Instant now = clock.instant();
    List<AttemptId> outdated = new ArrayList<>();
    List<ActiveAttempt> toMark = new ArrayList<>();
    List<JobMessage> tooMany = new ArrayList<>();
    int kept = 0;
    for (JobMessage message : taken) {
      if (asked.remove(message.job().attemptId()) == null) {
        continue; // its lease went to another meanwhile
      }
      if (!current.contains(message.job().attemptId())) {
        outdated.add(message.job().attemptId());
        continue;
      }
      if (trial == null && CrashQuarantine.onFinalCrashBudget(message.job())) {
        if (!held.containsKey(message.job().attemptId()) && !quarantine.offer(message)) {
          tooMany.add(message);
        }
        continue;
      }
      ActiveAttempt attempt = new ActiveAttempt(message, now, System.nanoTime());
      if (held.putIfAbsent(attempt.id(), attempt) != null) {
        continue; // taken twice: the ready queue was wiped and rebuilt while it runs here
      }
      if (attempt.job().overdue(now)) {
        end.accept(attempt, new AttemptOutcome.Expired(now));
      } else if (marksFirst(attempt.job())) {
        toMark.add(attempt);
        continue;
      } else {
        start.accept(attempt);
      }
      kept++;
    }
    if (!toMark.isEmpty()) {
      kept += startMarked(toMark, trial, start, end, outdated);
    }
    if (!outdated.isEmpty()) {
      finish.forget(outdated);
    }
    leases.giveBack(tooMany);
    return kept;
  }

  /** What is leased and not started, at a moment; the leases are to be renewed. */
  List<JobMessage> waiting() {
    List<JobMessage> waiting = new ArrayList<>(asked.values());
    waiting.addAll(quarantine.waiting());
    return waiting;
  }

  /** Forgets one whose lease went to another. */
  void lost(AttemptId attempt) {
    asked.remove(attempt);
    quarantine.remove(attempt);
  }

  /**
   * Records that an attempt on trial is not alone any more, before anything starts beside it.
   *
   * @throws UnavailableException when the store cannot be reached; nothing may start
   */
  void join(ActiveAttempt tried) {
    Job alone = tried.stored();
    Job joined = alone.besideOthers(clock.instant());
    Set<AttemptId> applied = store.save(List.of(new Change(alone, joined, settings.id())));
    if (applied.contains(tried.id())) {
      tried.stored(joined);
    }
    quarantine.joined();
  }

  /** Whether the job must be RUNNING before it starts: it may expire, or crash, at once. */
  private boolean marksFirst(Job job) {
    return job.timer() != null || quarantine.marksFirst(job);
  }

  /**
   * Records RUNNING in one transaction, then starts those for which that took effect.
   *
   * @param trial the one to start is on trial; null = none is
   * @param outdated gets the others
   * @return how many are held
   */
  private int startMarked(
      List<ActiveAttempt> attempts,
      CrashQuarantine.Turn.@Nullable Trial trial,
      Consumer<ActiveAttempt> start,
      BiConsumer<ActiveAttempt, AttemptOutcome> end,
      List<AttemptId> outdated) {
    List<Change> marks = new ArrayList<>(attempts.size());
    for (ActiveAttempt attempt : attempts) {
      attempt.askMark();
      boolean alone = trial != null && trial.alone();
      Job marked =
          alone ? attempt.stored().startAlone(attempt.startedAt()).job() : attempt.running();
      marks.add(new Change(attempt.stored(), marked, settings.id()));
    }
    Set<AttemptId> applied;
    try {
      applied = store.save(marks);
    } catch (UnavailableException e) {
      for (ActiveAttempt attempt : attempts) {
        attempt.stored(attempt.running()); // perhaps; then the mark goes when it is handed back
        end.accept(attempt, new AttemptOutcome.Released(clock.instant()));
      }
      return attempts.size();
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

  private static List<AttemptId> ids(List<JobMessage> messages) {
    return messages.stream().map(message -> message.job().attemptId()).toList();
  }
}
