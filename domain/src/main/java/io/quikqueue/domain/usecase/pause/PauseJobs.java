package io.quikqueue.domain.usecase.pause;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.PauseKey;
import io.quikqueue.domain.port.Pauses;
import io.quikqueue.domain.usecase.Caller;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pauses queues, types and groups: their jobs are accepted and wait, on every worker within a
 * second. What runs goes on. All methods throw {@link
 * io.quikqueue.domain.port.UnavailableException} when the store cannot be reached.
 */
public final class PauseJobs {

  private final Pauses pauses;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public PauseJobs(Pauses pauses, InstantSource clock) {
    this.pauses = pauses;
    this.clock = clock;
  }

  /**
   * Pauses a queue, type or group, which need not have had a job yet. Paused again, it gets the new
   * note.
   *
   * @throws InvalidFieldException when the note cannot be, or too much is paused
   */
  public Pause pause(Caller caller, PauseKey key, @Nullable String note) {
    if (note != null && note.length() > Pause.MAX_NOTE) {
      throw new InvalidFieldException(
          "note", "must be at most %d characters".formatted(Pause.MAX_NOTE));
    }
    Pause pause = new Pause(key, note, caller.id(), clock.instant());
    List<Pause> present = pauses.inForce();
    if (present.size() >= Pauses.MOST
        && present.stream().noneMatch(each -> each.key().equals(key))) {
      throw new InvalidFieldException(
          key.kind().label(), "cannot be paused: %d pauses are in force".formatted(Pauses.MOST));
    }
    pauses.pause(pause);
    return pause;
  }

  /** Lets the jobs start again; false = they were not paused. */
  public boolean resume(Caller caller, PauseKey key) {
    return pauses.resume(key);
  }

  /** What is paused of what the caller has to do with, by kind, queue and name. */
  public List<Pause> all(Caller caller) {
    List<Pause> all = pauses.inForce();
    Scope scope = caller.scope();
    return scope.isAll() ? all : all.stream().filter(pause -> covers(scope, pause.key())).toList();
  }

  private static boolean covers(Scope scope, PauseKey key) {
    return switch (key.kind()) {
      case QUEUE -> scope.coversQueue(key.name());
      case TYPE -> scope.coversType(key.name());
      case GROUP -> key.queue() != null && scope.coversQueue(key.queue());
    };
  }
}
