package io.quikqueue.domain.usecase.schedule;

import static io.quikqueue.domain.usecase.schedule.ManageSchedules.TRIES;
import static io.quikqueue.domain.usecase.schedule.ManageSchedules.busy;

import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.ScheduleStore.Written;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Fire.Outcome;
import io.quikqueue.domain.schedule.Firing;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.ScheduleState;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import io.quikqueue.domain.usecase.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pauses schedules and lets them go on, and fires them beside their times. All methods throw {@link
 * UnavailableException} when the store cannot be reached, and {@link UnusableScheduleException}
 * when the schedule cannot be read.
 */
public final class OperateSchedules {

  /** The most fire times of one backfill. */
  public static final int MOST_BACKFILLED = 100;

  private final PlanWriter plans;
  private final ScheduleStore store;

  public OperateSchedules(PlanWriter plans) {
    this.plans = plans;
    this.store = plans.store();
  }

  /**
   * What was, or would be, made up for.
   *
   * @param times all fire times of the range, oldest first
   * @param already those that have started a job before
   * @param fires what became of the others; empty for a dry run
   */
  public record Backfill(List<Instant> times, List<Instant> already, List<Fire> fires) {}

  /** Pauses a schedule, a declared one too; paused again, it gets the new note. */
  public Optional<ScheduleView> pause(Caller caller, String name, @Nullable String note) {
    ManageSchedules.requireNote(note);
    return operate(
            name,
            (schedule, now) ->
                plans
                    .firing(schedule, now)
                    .pause(new SchedulePause(note == null ? "" : note, caller.id(), now)))
        .map(written -> plans.view(written.plan().after()));
  }

  /** Lets a schedule fire again; the times that have passed meanwhile are left out. */
  public Optional<ScheduleView> resume(Caller caller, String name) {
    return operate(name, (schedule, now) -> plans.firing(schedule, now).resume())
        .map(written -> plans.view(written.plan().after()));
  }

  /**
   * Fires a schedule now, also one that is paused.
   *
   * @throws UnusableScheduleException when its jobs could not be run
   */
  public Optional<Fire> trigger(Caller caller, String name, OverlapPolicy overlap) {
    caller.allowance().take(1);
    return operate(
            name,
            (schedule, now) ->
                plans
                    .firing(usable(schedule), now)
                    .settle(plans.states(List.of(schedule)))
                    .trigger(overlap))
        .map(written -> written.plan().fires().getLast());
  }

  /**
   * Fires for times that have passed and started no job.
   *
   * @param from the first moment, at least
   * @param to the last moment, at most
   * @throws InvalidFieldException when the range is none, reaches into the future, or has too many
   *     fire times
   */
  public Optional<Backfill> backfill(
      Caller caller, String name, Instant from, Instant to, OverlapPolicy overlap, boolean dryRun) {
    if (to.isBefore(from)) {
      throw new InvalidFieldException("to", "must not be before from");
    }
    if (to.isAfter(plans.now())) {
      throw new InvalidFieldException("to", "must not lie in the future");
    }
    if (overlap == OverlapPolicy.CANCEL_OTHER) {
      throw new InvalidFieldException("overlap", "a backfill does not cancel its own jobs");
    }
    for (int i = 0; i < TRIES; i++) {
      Schedule schedule = store.find(name).orElse(null);
      if (schedule == null) {
        return Optional.empty();
      }
      Map<Instant, Fire> earlier = new HashMap<>();
      store.fires(name, 2 * ScheduleStore.KEPT).forEach(fire -> earlier.put(fire.at(), fire));
      Backfill wanted = wanted(schedule, from, to, earlier);
      if (dryRun || wanted.times().size() == wanted.already().size()) {
        return Optional.of(wanted);
      }
      List<Instant> times = new ArrayList<>(wanted.times());
      times.removeAll(wanted.already());
      SchedulePlan plan =
          plans
              .firing(usable(schedule), plans.now())
              .settle(plans.states(List.of(schedule)))
              .backfill(times, earlier, overlap)
              .plan(plans.nextVersion());
      if (i == 0) {
        caller.allowance().take(times.size());
      }
      List<Written> written = plans.write(List.of(plan));
      if (!written.isEmpty()) {
        List<Fire> fires =
            written.getFirst().plan().fires().stream()
                .filter(fire -> times.contains(fire.at()))
                .toList();
        return Optional.of(new Backfill(wanted.times(), wanted.already(), fires));
      }
    }
    throw busy();
  }

  private static Backfill wanted(
      Schedule schedule, Instant from, Instant to, Map<Instant, Fire> earlier) {
    // Of what is to come, nothing: it would be fired twice.
    Instant settled = schedule.state().settledUntil();
    Instant last = to.isAfter(settled) ? settled : to;
    Timing.Walk walk = schedule.spec().timing().walk(from.minusNanos(1));
    List<Instant> times = new ArrayList<>();
    for (Instant each = walk.next(); each != null && !each.isAfter(last); each = walk.next()) {
      if (times.size() == MOST_BACKFILLED) {
        throw new InvalidFieldException(
            "to", "there are more than %d fire times until then".formatted(MOST_BACKFILLED));
      }
      times.add(each);
    }
    Instant gaveUp = walk.gaveUpAt();
    if (gaveUp != null && gaveUp.isBefore(last)) {
      throw new InvalidFieldException("to", "there are too many excluded times until then");
    }
    if (!times.isEmpty()) {
      requireKnown(times.getFirst(), schedule.state(), earlier.values());
    }
    List<Instant> already = times.stream().filter(at -> has(earlier.get(at))).toList();
    return new Backfill(times, already, List.of());
  }

  /** Refuses a time of which a fire may have been forgotten: that would start a second job. */
  private static void requireKnown(Instant first, ScheduleState state, Collection<Fire> kept) {
    long forgotten = state.last() - ScheduleStore.KEPT;
    if (forgotten <= 0) {
      return;
    }
    // A fire lies before those that are scheduled after it, whatever its kind.
    Instant known =
        kept.stream()
            .filter(fire -> fire.number() > forgotten && fire.kind() == Fire.Kind.SCHEDULED)
            .map(Fire::at)
            .min(Instant::compareTo)
            .orElse(state.settledUntil().plusMillis(1));
    if (first.isBefore(known)) {
      throw new InvalidFieldException(
          "from", "must not be before %s: earlier fires are not known any more".formatted(known));
    }
  }

  private static boolean has(@Nullable Fire fire) {
    return fire != null && fire.outcome() != Outcome.SKIPPED && fire.outcome() != Outcome.REFUSED;
  }

  /** Jobs of others could be opened by nobody. */
  private static Schedule usable(Schedule schedule) {
    String reason = schedule.unusable();
    if (reason != null) {
      throw new UnusableScheduleException(schedule, reason);
    }
    return schedule;
  }

  private interface Decision {
    Firing of(Schedule schedule, Instant now);
  }

  private Optional<Written> operate(String name, Decision decision) {
    for (int i = 0; i < TRIES; i++) {
      Schedule schedule = store.find(name).orElse(null);
      if (schedule == null) {
        return Optional.empty();
      }
      SchedulePlan plan = decision.of(schedule, plans.now()).plan(plans.nextVersion());
      List<Written> written = plans.write(List.of(plan));
      if (!written.isEmpty()) {
        return Optional.of(Objects.requireNonNull(written.getFirst()));
      }
    }
    throw busy();
  }
}
