package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.schedule.Fire.Kind;
import io.quikqueue.domain.schedule.Fire.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a schedule at one moment. Used once. */
public final class Firing {

  /** A fire that is later than this was missed, unless it is made up for. */
  static final Duration ON_TIME = Duration.ofSeconds(30);

  /** Between two looks for the end of the job that a buffered fire waits for. */
  private static final Duration BUFFER_LOOK = Duration.ofSeconds(1);

  /** Between two looks how a job ended when there is nothing else to look for. */
  private static final Duration OUTCOME_LOOK = Duration.ofHours(1);

  private final Schedule schedule;
  private final Instant now;
  private final Supplier<JobId> ids;
  private final NavigableMap<Long, Fire> open = new TreeMap<>();
  private final NavigableMap<Long, Fire> changed = new TreeMap<>();
  private final List<SchedulePlan.Start> starts = new ArrayList<>();
  private final Set<JobId> cancels = new LinkedHashSet<>();
  private Instant settledUntil;
  private @Nullable Integer remaining;
  private @Nullable SchedulePause paused;
  private int failures;
  private long fired;
  private long missed;
  private long skipped;
  private long last;

  /**
   * @param now by the store's clock
   * @param ids of the jobs that are started
   */
  public Firing(Schedule schedule, Instant now, Supplier<JobId> ids) {
    this.schedule = schedule;
    this.now = now;
    this.ids = ids;
    ScheduleState state = schedule.state();
    state.open().forEach(fire -> open.put(fire.number(), fire));
    this.settledUntil = state.settledUntil();
    this.remaining = state.remaining();
    this.paused = state.paused();
    this.failures = state.failures();
    this.fired = state.fired();
    this.missed = state.missed();
    this.skipped = state.skipped();
    this.last = state.last();
  }

  /** The jobs whose states {@link #settle} wants to know. */
  public static List<JobId> awaited(Schedule schedule) {
    return schedule.state().open().stream()
        .filter(fire -> fire.outcome() == Outcome.STARTED)
        .map(Fire::job)
        .toList();
  }

  /**
   * Takes note of jobs that have ended, and pauses the schedule when too many have failed.
   *
   * @param states of those of the {@link #awaited} jobs that there are
   */
  public Firing settle(Map<JobId, JobState> states) {
    for (Fire fire : List.copyOf(open.values())) {
      Outcome outcome = fire.outcome() == Outcome.STARTED ? ended(states.get(fire.job())) : null;
      if (outcome != null) {
        open.remove(fire.number());
        changed.put(fire.number(), fire.as(outcome));
        switch (outcome) {
          case DONE -> failures = 0;
          case FAILED, EXPIRED -> failures++;
          default -> {}
        }
      }
    }
    Integer most = schedule.spec().pauseAfter();
    if (most != null && failures >= most && paused == null) {
      paused =
          new SchedulePause(
              "%d jobs failed one after another".formatted(failures), SchedulePause.SCHEDULER, now);
    }
    return this;
  }

  /** Null = it has not ended. */
  private static @Nullable Outcome ended(@Nullable JobState state) {
    if (state == null) {
      return Outcome.DELETED;
    }
    return switch (state) {
      case DONE -> Outcome.DONE;
      case FAILED -> Outcome.FAILED;
      case CANCELLED, SKIPPED -> Outcome.CANCELLED;
      case EXPIRED -> Outcome.EXPIRED;
      case WAITING, SCHEDULED, QUEUED, RUNNING, RETRYING -> null;
    };
  }

  /** Fires what is due, after what was buffered. */
  public Firing fireDue() {
    if (paused != null) {
      return this;
    }
    startBuffered();
    if (isUsedUp()) {
      return this;
    }
    Timing.Recent recent = schedule.spec().timing().recent(settledUntil, now, CatchUp.MOST + 1);
    List<Instant> due = new ArrayList<>(recent.times());
    long count = recent.count();
    Duration lateLast = due.isEmpty() ? Duration.ZERO : late(due.getLast());
    if (lateLast.isNegative()) { // only the last one can be ahead
      Instant ahead = due.removeLast();
      count--;
      lateLast = due.isEmpty() ? Duration.ZERO : late(due.getLast(), ahead);
    }
    Instant until = recent.until();
    if (due.isEmpty()) {
      if (until != null && recent.times().isEmpty()) {
        settledUntil = until;
      }
      return this;
    }
    List<Instant> chosen = chosen(due, lateLast);
    missed += count - chosen.size();
    boolean all = due.size() == recent.times().size();
    settledUntil = until != null && all ? until : due.getLast();
    OverlapPolicy overlap = schedule.spec().overlap();
    for (Instant at : chosen) {
      if (isUsedUp()) {
        break;
      }
      boolean replaced = overlap == OverlapPolicy.CANCEL_OTHER && !at.equals(chosen.getLast());
      Fire fire = fire(at, Kind.SCHEDULED, replaced ? null : overlap);
      if (remaining != null && fire.outcome() != Outcome.SKIPPED) {
        remaining = remaining - 1;
      }
    }
    return this;
  }

  private boolean isUsedUp() {
    return remaining != null && remaining <= 0;
  }

  /** Negative = its time has not come. */
  private Duration late(Instant at) {
    return Duration.between(at, now).minus(schedule.spec().delay(schedule.name(), at));
  }

  private Duration late(Instant at, Instant following) {
    return Duration.between(at, now).minus(schedule.spec().delay(schedule.name(), at, following));
  }

  private List<Instant> chosen(List<Instant> due, Duration lateLast) {
    CatchUp catchUp = schedule.spec().catchUp();
    List<Instant> chosen = new ArrayList<>();
    for (int i = 0; i < due.size(); i++) {
      Duration late = i == due.size() - 1 ? lateLast : late(due.get(i), due.get(i + 1));
      boolean newest = due.size() - i <= catchUp.most();
      if (late.compareTo(ON_TIME) <= 0 || (newest && catchUp.covers(late))) {
        chosen.add(due.get(i));
      }
    }
    return chosen;
  }

  /** Fires once more, whether or not the schedule is paused. */
  public Firing trigger(OverlapPolicy overlap) {
    Instant at = now.truncatedTo(ChronoUnit.MICROS);
    // Fire times are whole milliseconds: no other fire can be of this time.
    fire(at.getNano() % 1_000_000 == 0 ? at.plusNanos(1_000) : at, Kind.TRIGGERED, overlap);
    return this;
  }

  /**
   * Fires for times that have passed.
   *
   * @param earlier the fires of these times that started nothing, by their times
   */
  public Firing backfill(List<Instant> times, Map<Instant, Fire> earlier, OverlapPolicy overlap) {
    for (Instant at : times) {
      Fire before = earlier.get(at);
      long number = before == null ? ++last : before.number();
      put(number, at, Kind.BACKFILLED, overlap);
    }
    return this;
  }

  private Fire fire(Instant at, Kind kind, @Nullable OverlapPolicy overlap) {
    last++;
    return put(last, at, kind, overlap);
  }

  /**
   * @param overlap null = it is skipped
   */
  private Fire put(long number, Instant at, Kind kind, @Nullable OverlapPolicy overlap) {
    Fire fire = new Fire(number, at, now, kind, Outcome.SKIPPED, null, null);
    boolean running = has(Outcome.STARTED) > 0;
    long buffered = has(Outcome.BUFFERED);
    if (overlap == OverlapPolicy.CANCEL_OTHER) {
      cancelOthers();
      if (running && schedule.spec().job().unique() != null) {
        return inPlace(fire);
      }
    }
    boolean starts =
        overlap == OverlapPolicy.ALLOW_ALL
            || overlap == OverlapPolicy.CANCEL_OTHER
            || (overlap != null && !running && buffered == 0);
    long room =
        overlap == OverlapPolicy.BUFFER_ONE
            ? 1
            : overlap == OverlapPolicy.BUFFER_ALL ? ScheduleState.MOST_BUFFERED : 0;
    if (starts) {
      return start(fire);
    }
    if (buffered < room) {
      Fire waiting = fire.as(Outcome.BUFFERED);
      open.put(number, waiting);
      changed.put(number, waiting);
      return waiting;
    }
    skipped++;
    changed.put(number, fire);
    return fire;
  }

  private void cancelOthers() {
    open.values().stream()
        .filter(each -> each.outcome() == Outcome.STARTED)
        .forEach(each -> cancels.add(each.job()));
  }

  /**
   * One that is the only one of its key cannot start in the transaction that records it: it starts
   * when the one before, which is cancelled once it is recorded, has given up the key.
   */
  private Fire inPlace(Fire fire) {
    for (Fire each : List.copyOf(open.values())) {
      if (each.outcome() == Outcome.BUFFERED) {
        open.remove(each.number());
        changed.put(each.number(), each.as(Outcome.SKIPPED));
        skipped++;
      }
    }
    Fire waiting = fire.as(Outcome.BUFFERED);
    open.put(fire.number(), waiting);
    changed.put(fire.number(), waiting);
    return waiting;
  }

  private long has(Outcome outcome) {
    return open.values().stream().filter(fire -> fire.outcome() == outcome).count();
  }

  private Fire start(Fire fire) {
    JobId id = ids.get();
    Fire started = fire.started(id, now);
    starts.add(new SchedulePlan.Start(id, schedule.spec().jobOf(schedule.name(), fire.at(), now)));
    if (has(Outcome.STARTED) >= ScheduleState.MOST_OPEN) {
      open.values().stream()
          .filter(each -> each.outcome() == Outcome.STARTED)
          .min(Comparator.comparingLong(Fire::number))
          .ifPresent(oldest -> open.remove(oldest.number()));
    }
    open.put(fire.number(), started);
    changed.put(fire.number(), started);
    fired++;
    return started;
  }

  private void startBuffered() {
    if (has(Outcome.STARTED) > 0) {
      if (has(Outcome.BUFFERED) > 0 && schedule.spec().overlap() == OverlapPolicy.CANCEL_OTHER) {
        cancelOthers(); // who was to do it has died
      }
    } else {
      open.values().stream()
          .filter(fire -> fire.outcome() == Outcome.BUFFERED)
          .findFirst()
          .ifPresent(this::start);
    }
  }

  /** Lets the schedule fire no more for now. */
  public Firing pause(SchedulePause by) {
    paused = by;
    return this;
  }

  /** Lets it fire again; the times that have passed meanwhile are left out. */
  public Firing resume() {
    if (paused != null) {
      paused = null;
      failures = 0;
      settledUntil = settledUntil.isAfter(now) ? settledUntil : now;
    }
    return this;
  }

  /**
   * All of what was decided.
   *
   * @param version the schedule's after it
   */
  public SchedulePlan plan(long version) {
    Timing.Walk walk = schedule.spec().timing().walk(settledUntil);
    Instant next = isUsedUp() ? null : walk.next();
    ScheduleState state =
        new ScheduleState(
            settledUntil,
            next,
            lookAt(next, walk.gaveUpAt()),
            remaining,
            paused,
            List.copyOf(open.values()),
            failures,
            fired,
            missed,
            skipped,
            last);
    return new SchedulePlan(
        schedule, schedule.changed(state, version), List.copyOf(changed.values()), starts, cancels);
  }

  /**
   * @param gaveUp up to where all fire times are excluded when the next one was not found
   */
  private @Nullable Instant lookAt(@Nullable Instant next, @Nullable Instant gaveUp) {
    if (paused != null) {
      return null;
    }
    Instant look = next == null ? gaveUp : next.plus(schedule.spec().delay(schedule.name(), next));
    Instant other =
        has(Outcome.BUFFERED) > 0
            ? now.plus(BUFFER_LOOK)
            : has(Outcome.STARTED) > 0 ? now.plus(OUTCOME_LOOK) : null;
    return look == null || (other != null && other.isBefore(look)) ? other : look;
  }
}
