package io.quikqueue.contracts;

import io.quikqueue.domain.access.Scope;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePlan;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.UnreadableSchedule;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Schedules in plain collections. */
final class InMemorySchedules implements ScheduleStore {

  private final JobStore jobs;
  private final NavigableMap<String, Schedule> schedules = new TreeMap<>();
  private final Map<String, NavigableMap<Long, Fire>> fires = new HashMap<>();

  /** Those that cannot be read, with the reason, by their names. */
  private final Map<String, String> unreadable = new HashMap<>();

  private final Map<String, Instant> putOff = new HashMap<>();

  InMemorySchedules(JobStore jobs) {
    this.jobs = jobs;
  }

  @Override
  public synchronized Optional<Schedule> find(String name) {
    Schedule found = schedules.get(name);
    if (found != null && stored(found) instanceof UnreadableSchedule broken) {
      throw new UnusableScheduleException(broken, broken.reason());
    }
    return Optional.ofNullable(found);
  }

  /** Lets a schedule be one that cannot be read, until it is changed. */
  synchronized void spoil(String name, String reason) {
    unreadable.put(name, reason);
  }

  private StoredSchedule stored(Schedule schedule) {
    String reason = unreadable.get(schedule.name());
    return reason == null
        ? schedule
        : new UnreadableSchedule(
            schedule.name(), schedule.declared(), schedule.revision(), schedule.version(), reason);
  }

  private @Nullable Instant look(Schedule schedule) {
    return putOff.getOrDefault(schedule.name(), schedule.state().lookAt());
  }

  /** What is written is there as a whole. */
  private void store(Schedule schedule) {
    schedules.put(schedule.name(), schedule);
    unreadable.remove(schedule.name());
    putOff.remove(schedule.name());
  }

  @Override
  public synchronized Page list(Scope scope, @Nullable String after, int limit) {
    List<StoredSchedule> behind =
        (after == null ? schedules : schedules.tailMap(after, false))
            .values().stream()
                .map(this::stored)
                .filter(
                    each ->
                        scope.isAll()
                            || (each instanceof Schedule read && scope.covers(read.spec().job())))
                .toList();
    int shown = Math.min(limit, behind.size());
    return new Page(behind.subList(0, shown), behind.size() > shown);
  }

  @Override
  public synchronized List<String> declared() {
    return schedules.values().stream().filter(Schedule::declared).map(Schedule::name).toList();
  }

  @Override
  public synchronized List<StoredSchedule> due(Instant now, int limit) {
    NavigableMap<Instant, List<StoredSchedule>> due = new TreeMap<>();
    for (Schedule each : schedules.values()) {
      Instant look = look(each);
      if (look != null && !look.isAfter(now)) {
        due.computeIfAbsent(look, _ -> new ArrayList<>()).add(stored(each));
      }
    }
    return due.values().stream().flatMap(List::stream).limit(limit).toList();
  }

  @Override
  public synchronized void putOff(List<StoredSchedule> later, Instant until) {
    for (StoredSchedule each : later) {
      Schedule now = schedules.get(each.name());
      if (now != null && now.version() == each.version()) {
        putOff.put(each.name(), until);
      }
    }
  }

  @Override
  public synchronized Optional<Instant> nextLook() {
    return schedules.values().stream()
        .flatMap(each -> Optional.ofNullable(look(each)).stream())
        .min(Comparator.naturalOrder());
  }

  @Override
  public synchronized CreateResult create(Schedule schedule) {
    Schedule now = schedules.get(schedule.name());
    if (now != null) {
      return now.version() == schedule.version() ? CreateResult.DONE : CreateResult.EXISTS;
    }
    if (schedules.size() >= MOST) {
      return CreateResult.FULL;
    }
    store(schedule);
    return CreateResult.DONE;
  }

  @Override
  public synchronized boolean replace(long version, Schedule schedule) {
    Schedule now = schedules.get(schedule.name());
    if (now == null || now.version() != version) {
      return now != null && now.version() == schedule.version();
    }
    store(schedule);
    return true;
  }

  @Override
  public synchronized boolean delete(String name, long version) {
    Schedule now = schedules.get(name);
    if (now == null || now.version() != version) {
      return false;
    }
    schedules.remove(name);
    unreadable.remove(name);
    putOff.remove(name);
    fires.remove(name);
    return true;
  }

  @Override
  public synchronized List<Written> write(List<Write> writes) {
    List<Written> written = new ArrayList<>();
    for (Write write : writes) {
      Schedule before = write.plan().before();
      Schedule now = schedules.get(before.name());
      if (now != null && now.version() == before.version()) {
        written.add(write(write));
      } else if (now != null && now.version() == write.plan().after().version()) {
        written.add(new Written(write.plan(), List.of()));
      }
    }
    return written;
  }

  private Written write(Write write) {
    SchedulePlan plan = write.plan();
    String name = plan.before().name();
    NavigableMap<Long, Fire> kept = fires.computeIfAbsent(name, _ -> new TreeMap<>());
    for (Fire fire : write.plan().fires()) {
      boolean isNew = fire.number() > plan.before().state().last();
      if (isNew && kept.values().stream().anyMatch(each -> each.at().equals(fire.at()))) {
        plan = plan.without(fire);
      }
    }
    Write once = write.with(plan);
    List<SubmitResult> answers = jobs.submit(once.jobs());
    Map<JobId, SubmitResult> byJob = new HashMap<>();
    List<Submission> asked = once.jobs();
    for (int i = 0; i < asked.size(); i++) {
      byJob.put(asked.get(i).job().id(), answers.get(i));
    }
    Written written = once.answered(byJob);
    written.plan().fires().forEach(fire -> kept.put(fire.number(), fire));
    store(written.plan().after());
    long oldest = written.plan().after().state().last() - KEPT;
    kept.headMap(oldest, true).values().removeIf(fire -> fire.outcome() != Fire.Outcome.BUFFERED);
    return written;
  }

  @Override
  public synchronized List<Fire> fires(String name, int limit) {
    NavigableMap<Long, Fire> kept = fires.get(name);
    return kept == null ? List.of() : kept.descendingMap().values().stream().limit(limit).toList();
  }
}
