package io.quikqueue.domain.usecase.run;

import io.quikqueue.domain.job.AttemptId;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobMessage;
import io.quikqueue.domain.port.Change;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.usecase.finish.Finish;
import java.time.Duration;
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
final class Intake {

  /** For so long after its start a job is taken to be what ended its worker, if that ends. */
  private static final Duration TRIAL = Duration.ofSeconds(2);

  private final WorkerSettings settings;
  private final Leases leases;
  private final JobStore store;
  private final Finish finish;
  private final InstantSource clock;
  private final Map<AttemptId, Attempting> held;
  private final Deferred deferred;

  /** What was taken while the store is asked about it, which may take longer than a lease lasts. */
  private final Map<AttemptId, JobMessage> asked = new ConcurrentHashMap<>();

  /**
   * @param held the attempts in the worker's hands; those that start are added
   * @param deferred gets those that have to wait for others
   */
  Intake(
      WorkerSettings settings,
      Leases leases,
      JobStore store,
      Finish finish,
      InstantSource clock,
      Map<AttemptId, Attempting> held,
      Deferred deferred) {
    this.settings = settings;
    this.leases = leases;
    this.store = store;
    this.finish = finish;
    this.clock = clock;
    this.held = held;
    this.deferred = deferred;
  }

  /**
   * Asks the store which of the jobs may still start, and starts them.
   *
   * @param start gets each attempt to run, now held; must not throw
   * @param end gets each attempt that is held and must not run, and how it ended; must not throw
   * @return how many are held; of those that would be given up with their next crash at most one
   *     starts at a time, the others are deferred as far as there is room, or else go back
   * @throws UnavailableException when the store cannot be reached; all were given back
   */
  int startAll(
      List<JobMessage> taken, Consumer<Attempting> start, BiConsumer<Attempting, Ending> end) {
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
    List<Attempting> toMark = new ArrayList<>();
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
      if (message.job().lastChance() && isTrying()) {
        if (!held.containsKey(message.job().attemptId()) && !deferred.offer(message)) {
          tooMany.add(message);
        }
        continue;
      }
      Attempting attempt = new Attempting(message, now, System.nanoTime());
      if (held.putIfAbsent(attempt.id(), attempt) != null) {
        continue; // taken twice: the ready queue was wiped and rebuilt while it runs here
      }
      if (attempt.job().overdue(now)) {
        end.accept(attempt, new Ending.Expired(now));
      } else if (marksFirst(attempt.job())) {
        toMark.add(attempt);
        continue;
      } else {
        start.accept(attempt);
      }
      kept++;
    }
    if (!toMark.isEmpty()) {
      kept += startMarked(toMark, start, end, outdated);
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
    waiting.addAll(deferred.all());
    return waiting;
  }

  /** Forgets one whose lease went to another. */
  void lost(AttemptId attempt) {
    asked.remove(attempt);
    deferred.remove(attempt);
  }

  /** The next of those deferred, if it may start now; else null. */
  @Nullable JobMessage nextDeferred() {
    return deferred.isEmpty() || isTrying() ? null : deferred.poll();
  }

  /**
   * Whether there is a job that would be given up if this worker vanished, and that began no more
   * than a moment ago, or is over and not recorded yet. Such jobs begin one after the other, so
   * that one that ends its workers takes no innocent one with it.
   */
  private boolean isTrying() {
    long nanos = System.nanoTime();
    return held.values().stream()
        .anyMatch(
            attempt ->
                attempt.job().lastChance()
                    && (!attempt.begun()
                        || attempt.over()
                        || attempt.ran(nanos).compareTo(TRIAL) < 0));
  }

  /** Whether the job must be RUNNING before it starts: it may expire, or crash, at once. */
  private boolean marksFirst(Job job) {
    return job.timer() != null || settings.suspect().test(job);
  }

  /**
   * Records RUNNING in one transaction, then starts those for which that took effect.
   *
   * @param outdated gets the others
   * @return how many are held
   */
  private int startMarked(
      List<Attempting> attempts,
      Consumer<Attempting> start,
      BiConsumer<Attempting, Ending> end,
      List<AttemptId> outdated) {
    List<Change> marks = new ArrayList<>(attempts.size());
    for (Attempting attempt : attempts) {
      attempt.askMark();
      marks.add(new Change(attempt.stored(), attempt.running(), settings.id()));
    }
    Set<AttemptId> applied;
    try {
      applied = store.save(marks);
    } catch (UnavailableException e) {
      for (Attempting attempt : attempts) {
        attempt.stored(attempt.running()); // perhaps; then the mark goes when it is handed back
        end.accept(attempt, new Ending.Released(clock.instant()));
      }
      return attempts.size();
    }
    for (int i = 0; i < attempts.size(); i++) {
      Attempting attempt = attempts.get(i);
      if (applied.contains(attempt.id())) {
        attempt.stored(marks.get(i).after());
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
