package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ReadyQueue;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Decides what becomes of jobs just taken: which start, which are dropped, which go back. */
final class Intake {

  private static final Logger LOG = System.getLogger(Intake.class.getName());

  private final WorkerSettings settings;
  private final ReadyQueue ready;
  private final JobStore store;
  private final Finish finish;
  private final InstantSource clock;
  private final Map<AttemptId, Attempting> held;

  /**
   * @param held the attempts in the worker's hands; those that start are added
   */
  Intake(
      WorkerSettings settings,
      ReadyQueue ready,
      JobStore store,
      Finish finish,
      InstantSource clock,
      Map<AttemptId, Attempting> held) {
    this.settings = settings;
    this.ready = ready;
    this.store = store;
    this.finish = finish;
    this.clock = clock;
    this.held = held;
  }

  /**
   * Asks the store which of the jobs may still start, and starts them.
   *
   * @param start gets each attempt, now held, to run it or, when its job is overdue, to let it
   *     expire; must not throw
   * @return how many were started
   * @throws UnavailableException when the store cannot be reached; all were given back
   */
  int startAll(List<JobMessage> taken, Consumer<Attempting> start) {
    Set<AttemptId> current;
    try {
      current = store.current(ids(taken));
    } catch (UnavailableException e) {
      giveBack(taken);
      throw e;
    }
    Instant now = clock.instant();
    List<AttemptId> outdated = new ArrayList<>();
    int started = 0;
    for (JobMessage message : taken) {
      if (!current.contains(message.job().attemptId())) {
        outdated.add(message.job().attemptId());
        continue;
      }
      Attempting attempt = new Attempting(message, now, System.nanoTime());
      if (holds(attempt)) {
        start.accept(attempt);
        started++;
      }
    }
    if (!outdated.isEmpty()) {
      finish.forget(outdated);
    }
    return started;
  }

  /** Makes jobs ready again that were taken and not started; at worst their leases run out. */
  void giveBack(List<JobMessage> taken) {
    try {
      ready.release(settings.id(), ids(taken));
    } catch (UnavailableException e) {
      LOG.log(
          Level.WARNING,
          () ->
              "event=release_failed attempts=%d reason=\"%s\""
                  .formatted(taken.size(), e.getMessage()));
    }
  }

  /** Returns whether the attempt is now held, for the first time. Does not throw. */
  private boolean holds(Attempting attempt) {
    if (held.putIfAbsent(attempt.id(), attempt) != null) {
      return false; // taken twice: the ready queue was wiped and rebuilt while it runs here
    }
    if (!attempt.job().overdue(attempt.startedAt())
        && settings.suspect().test(attempt.job())
        && !markFirst(attempt)) {
      held.remove(attempt.id());
      return false;
    }
    return true;
  }

  /** Records RUNNING before the start; returns whether that took effect. */
  private boolean markFirst(Attempting attempt) {
    attempt.askMark();
    Change mark = new Change(attempt.stored(), attempt.running(), settings.id());
    try {
      if (store.save(List.of(mark)).isEmpty()) {
        finish.forget(List.of(attempt.id()));
        return false;
      }
    } catch (UnavailableException e) {
      giveBack(List.of(attempt.message()));
      return false;
    }
    attempt.stored(mark.after());
    return true;
  }

  private static List<AttemptId> ids(List<JobMessage> messages) {
    return messages.stream().map(message -> message.job().attemptId()).toList();
  }
}
