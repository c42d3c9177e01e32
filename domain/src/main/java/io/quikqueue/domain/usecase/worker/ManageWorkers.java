package io.quikqueue.domain.usecase.worker;

import static java.util.stream.Collectors.toMap;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.DesiredState;
import io.quikqueue.domain.port.DesiredStates;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.WorkerInfo;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.list.ListWorkers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Shows the workers that are alive, and changes what they are asked to be, which each of them does
 * within two seconds. All methods throw {@link io.quikqueue.domain.port.UnavailableException} when
 * the store cannot be reached.
 */
public final class ManageWorkers {

  private final ListWorkers workers;
  private final DesiredStates states;
  private final InstantSource clock;

  /**
   * @param clock the store's clock
   */
  public ManageWorkers(ListWorkers workers, DesiredStates states, InstantSource clock) {
    this.workers = workers;
    this.states = states;
    this.clock = clock;
  }

  /** Living workers by id, at most 1,000. */
  public List<ManagedWorker> live(Caller caller) {
    Map<String, DesiredState> desired =
        states.all().stream().collect(toMap(DesiredState::worker, state -> state));
    return workers.live(caller).stream()
        .map(info -> new ManagedWorker(info, desired.get(info.id())))
        .toList();
  }

  /** A living worker; empty = there is none of this id. */
  public Optional<ManagedWorker> find(Caller caller, String id) {
    return live(caller).stream().filter(worker -> worker.info().id().equals(id)).findFirst();
  }

  /**
   * Changes how many jobs a worker runs at once; with fewer, what runs goes on.
   *
   * @param slots null = as configured
   * @return empty = there is no living worker of this id
   * @throws InvalidFieldException when there cannot be so many, or too much is asked already
   */
  public Optional<ManagedWorker> resize(Caller caller, String id, @Nullable Integer slots) {
    if (slots != null && (slots < 0 || slots > DesiredState.MOST_SLOTS)) {
      throw new InvalidFieldException(
          "slots", "must be a whole number from 0 to " + DesiredState.MOST_SLOTS);
    }
    return change(caller, id, state -> state.withSlots(slots, caller.id(), clock.instant()));
  }

  /**
   * Has a worker take no more jobs; what it runs goes on. Drained again, it gets the new note.
   *
   * @return empty = there is no living worker of this id
   * @throws InvalidFieldException when the note is too long, or too much is asked already
   */
  public Optional<ManagedWorker> drain(Caller caller, String id, @Nullable String note) {
    if (note != null && note.length() > Pause.MAX_NOTE) {
      throw new InvalidFieldException(
          "note", "must be at most %d characters".formatted(Pause.MAX_NOTE));
    }
    return change(
        caller, id, state -> state.withDraining(true, note, caller.id(), clock.instant()));
  }

  /** Has a worker take jobs again; empty = there is no living worker of this id. */
  public Optional<ManagedWorker> resume(Caller caller, String id) {
    return change(
        caller, id, state -> state.withDraining(false, null, caller.id(), clock.instant()));
  }

  private Optional<ManagedWorker> change(
      Caller caller, String id, UnaryOperator<DesiredState> change) {
    Optional<WorkerInfo> found =
        workers.live(caller).stream().filter(worker -> worker.id().equals(id)).findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<DesiredState> present = states.all();
    if (present.size() >= DesiredStates.MOST
        && present.stream().noneMatch(state -> state.worker().equals(id))) {
      throw new InvalidFieldException(
          "id", "cannot be changed: %d workers are".formatted(DesiredStates.MOST));
    }
    DesiredState before = DesiredState.none(id, caller.id(), clock.instant());
    DesiredState after = states.change(before, change);
    return Optional.of(new ManagedWorker(found.get(), after.isNone() ? null : after));
  }
}
