package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.OutOfScopeException;
import io.quikqueue.domain.port.Pause;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.ScheduleState;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.submit.Admission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Shows schedules, and changes what they are. All methods throw {@link UnavailableException} when
 * the store cannot be reached, and those that change one that cannot be read, but for {@link
 * #delete}, an {@link UnusableScheduleException}.
 */
public final class ManageSchedules {

  /** How many of the next fire times are shown. */
  public static final int PREVIEW = 10;

  /** How often a change is tried that others get ahead of. */
  static final int TRIES = 20;

  private final PlanWriter plans;
  private final ScheduleStore store;
  private final Admission admission;

  public ManageSchedules(PlanWriter plans, Admission admission) {
    this.plans = plans;
    this.store = plans.store();
    this.admission = admission;
  }

  /** What became of a change. */
  public sealed interface Changed {

    /** It was made. */
    record Done(Schedule schedule, boolean created) implements Changed {}

    /** It is deleted. */
    record Deleted() implements Changed {}

    /** The precondition does not hold. */
    record Mismatch() implements Changed {}

    /** A file says what it is. */
    record Declared() implements Changed {}

    /** There is none. */
    record None() implements Changed {}
  }

  /**
   * A schedule.
   *
   * @throws UnusableScheduleException when it cannot be read
   */
  public Optional<ScheduleView> find(Caller caller, String name) {
    return store.find(name).map(plans::view);
  }

  /** A page by names. */
  public ScheduleStore.Page list(Caller caller, @Nullable String after, int limit) {
    return store.list(caller.scope(), after, limit);
  }

  /** The next fire times. */
  public Optional<List<Instant>> preview(Caller caller, String name) {
    return store.find(name).map(schedule -> next(schedule, plans.now()));
  }

  private static List<Instant> next(Schedule schedule, Instant now) {
    ScheduleState state = schedule.state();
    Integer remaining = state.remaining();
    int most = remaining == null ? PREVIEW : Math.min(PREVIEW, remaining);
    List<Instant> times = new ArrayList<>();
    Instant at = state.settledUntil().isAfter(now) ? state.settledUntil() : now;
    Timing.Walk walk = schedule.spec().timing().walk(at);
    while (times.size() < most) {
      Instant next = walk.next();
      if (next == null) {
        break;
      }
      times.add(next);
    }
    return times;
  }

  /**
   * Creates a schedule, or sets another definition in the place of what is there.
   *
   * @param spec makes it of what is there; null = there is none
   * @param paused whether it is paused from now on; null = as it is
   * @throws InvalidFieldException when its job could not be submitted, a one-shot lies in the past,
   *     or there are too many
   */
  public Changed put(
      Caller caller,
      String name,
      Function<@Nullable Schedule, ScheduleSpec> spec,
      @Nullable Boolean paused,
      @Nullable String note,
      Predicate<@Nullable Schedule> precondition) {
    Schedule.requireName(name);
    requireNote(note);
    for (int i = 0; i < TRIES; i++) {
      Schedule now = store.find(name).orElse(null);
      if (now != null && now.declared()) {
        return new Changed.Declared();
      }
      if (now != null && !caller.scope().covers(now.spec().job())) {
        // made since the caller was let in; what is written is what was read here
        throw new OutOfScopeException("name", "is that of a schedule outside the scope of the key");
      }
      if (!precondition.test(now)) {
        return new Changed.Mismatch();
      }
      ScheduleSpec wanted = spec.apply(now);
      admit(caller, wanted, now);
      Schedule after = of(name, wanted, now, false, caller.id(), paused, note);
      if (write(now, after)) {
        return new Changed.Done(after, now == null);
      }
    }
    throw busy();
  }

  private void admit(Caller caller, ScheduleSpec wanted, @Nullable Schedule now) {
    Instant at = wanted.timing().at();
    boolean same = now != null && now.spec().timing().equals(wanted.timing());
    if (at != null && !same && !at.isAfter(plans.now())) {
      throw new InvalidFieldException("at", "lies in the past");
    }
    try {
      admission.admit(caller, wanted.sample(plans.now())).settle(true);
    } catch (InvalidPayloadException e) {
      throw e;
    } catch (OutOfScopeException e) {
      throw new OutOfScopeException("job." + e.field(), e.problem());
    } catch (InvalidFieldException e) {
      throw new InvalidFieldException("job." + e.field(), e.problem());
    }
  }

  /** The schedule with this definition, which keeps how far it is. */
  Schedule of(
      String name,
      ScheduleSpec spec,
      @Nullable Schedule now,
      boolean declared,
      String by,
      @Nullable Boolean paused,
      @Nullable String note) {
    Instant at = plans.now();
    boolean same = now != null && now.spec().equals(spec) && now.declared() == declared;
    ScheduleState before = now == null ? null : now.state();
    SchedulePause pause = paused(before, by, at, paused, note);
    boolean resumed = before != null && before.paused() != null && pause == null;
    Instant settled =
        before != null && ((same && !resumed) || before.settledUntil().isAfter(at))
            ? before.settledUntil()
            : at;
    ScheduleState state =
        new ScheduleState(
            settled,
            null,
            null,
            same && before != null ? before.remaining() : spec.remaining(),
            pause,
            before == null ? List.of() : before.open(),
            same && before != null ? before.failures() : 0,
            before == null ? 0 : before.fired(),
            before == null ? 0 : before.missed(),
            before == null ? 0 : before.skipped(),
            before == null ? 0 : before.last());
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
    Schedule bare =
        now == null
            ? new Schedule(name, plans.nextId(), spec, declared, micros, by, at, state, 0)
            : new Schedule(
                name,
                now.id(),
                same ? now.spec() : spec,
                declared,
                same ? now.revision() : Math.max(now.revision() + 1, micros),
                same ? now.changedBy() : by,
                same ? now.changedAt() : at,
                state,
                now.version());
    return plans.firing(bare, at).plan(plans.nextVersion()).after();
  }

  private static @Nullable SchedulePause paused(
      @Nullable ScheduleState before,
      String by,
      Instant at,
      @Nullable Boolean paused,
      @Nullable String note) {
    SchedulePause now = before == null ? null : before.paused();
    if (paused == null) {
      return now;
    }
    if (!paused) {
      return null;
    }
    String text = note == null ? "" : note;
    return now != null && now.note().equals(text) ? now : new SchedulePause(text, by, at);
  }

  boolean write(@Nullable Schedule now, Schedule after) {
    if (now != null) {
      return store.replace(now.version(), after);
    }
    return switch (store.create(after)) {
      case DONE -> true;
      case EXISTS -> false;
      case FULL ->
          throw new InvalidFieldException(
              "name", "there are %d schedules already".formatted(ScheduleStore.MOST));
    };
  }

  /** Deletes a schedule, also one that cannot be read; its jobs stay. */
  public Changed delete(
      Caller caller, String name, Predicate<@Nullable StoredSchedule> precondition) {
    for (int i = 0; i < TRIES; i++) {
      StoredSchedule now = stored(name);
      if (now == null) {
        return new Changed.None();
      }
      if (now.declared()) {
        return new Changed.Declared();
      }
      if (!precondition.test(now)) {
        return new Changed.Mismatch();
      }
      if (store.delete(name, now.version())) {
        return new Changed.Deleted();
      }
    }
    throw busy();
  }

  /** One that cannot be read as well. */
  private @Nullable StoredSchedule stored(String name) {
    try {
      return store.find(name).orElse(null);
    } catch (UnusableScheduleException e) {
      return e.schedule();
    }
  }

  static void requireNote(@Nullable String note) {
    if (note != null
        && (note.length() > Pause.MAX_NOTE || note.chars().anyMatch(Character::isISOControl))) {
      throw new InvalidFieldException(
          "note",
          "must be at most %d characters, none of them a control".formatted(Pause.MAX_NOTE));
    }
  }

  static UnavailableException busy() {
    return new UnavailableException("store", "the schedule is being changed by others");
  }
}
