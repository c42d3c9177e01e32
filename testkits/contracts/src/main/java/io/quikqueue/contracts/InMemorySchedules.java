package io.quikqueue.contracts;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.port.JobStore;
import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.Submission;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePlan;
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

  InMemorySchedules(JobStore jobs) {
    this.jobs = jobs;
  }

  @Override
  public synchronized Optional<Schedule> find(String name) {
    return Optional.ofNullable(schedules.get(name));
  }

  @Override
  public synchronized List<Schedule> list(@Nullable String after, int limit) {
    return (after == null ? schedules : schedules.tailMap(after, false))
        .values().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<String> declared() {
    return schedules.values().stream().filter(Schedule::declared).map(Schedule::name).toList();
  }

  @Override
  public synchronized List<Schedule> due(Instant now, int limit) {
    return schedules.values().stream()
        .filter(each -> each.state().lookAt() != null && !each.state().lookAt().isAfter(now))
        .sorted(Comparator.comparing(each -> each.state().lookAt()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<Instant> nextLook() {
    return schedules.values().stream()
        .flatMap(each -> Optional.ofNullable(each.state().lookAt()).stream())
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
    schedules.put(schedule.name(), schedule);
    return CreateResult.DONE;
  }

  @Override
  public synchronized boolean replace(long version, Schedule schedule) {
    Schedule now = schedules.get(schedule.name());
    if (now == null || now.version() != version) {
      return now != null && now.version() == schedule.version();
    }
    schedules.put(schedule.name(), schedule);
    return true;
  }

  @Override
  public synchronized boolean delete(String name, long version) {
    Schedule now = schedules.get(name);
    if (now == null || now.version() != version) {
      return false;
    }
    schedules.remove(name);
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
    schedules.put(name, written.plan().after());
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
