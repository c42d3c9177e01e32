package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.UnusableScheduleException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Declares the schedules of this process's files, once in its life: of processes whose files
 * differ, the one that started last decides. What is declared already goes on as it is. Not safe
 * for use by several threads.
 */
public final class DeclareSchedules {

  /** Who changed schedules that are declared. */
  public static final String FILE = "file";

  private static final Logger LOG = System.getLogger(DeclareSchedules.class.getName());
  private static final Duration LATER = Duration.ofHours(1);
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final int TRIES = 20;

  private final ManageSchedules manage;
  private final ScheduleStore store;
  private final Map<String, Declared> declared;
  private final Set<String> ready = new HashSet<>();
  private boolean done;

  /**
   * What a file says.
   *
   * @param paused true = it is paused at each start; false = a pause of the file ends; null = as it
   *     is
   */
  public record Declared(ScheduleSpec spec, @Nullable Boolean paused, @Nullable String note) {}

  public DeclareSchedules(
      ManageSchedules manage, ScheduleStore store, Map<String, Declared> declared) {
    this.manage = manage;
    this.store = store;
    this.declared = Map.copyOf(declared);
  }

  /**
   * Declares the schedules that it has not declared before. Those that were declared and are not
   * any more are deleted. One that cannot be declared is logged, and the others go on.
   *
   * @return how long to wait before the next call, which tries again what could not be declared
   * @throws UnavailableException when the store cannot be reached
   */
  public Duration declare() {
    if (!done) {
      declared.forEach(this::declareAlone);
      for (String name : store.declared()) {
        if (!declared.containsKey(name)) {
          delete(name);
        }
      }
      done = ready.size() == declared.size();
    }
    return done ? LATER : AGAIN;
  }

  private void declareAlone(String name, Declared wanted) {
    if (ready.contains(name)) {
      return;
    }
    try {
      declare(name, wanted);
      ready.add(name);
    } catch (UnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "event=schedule_not_declared schedule=" + name, e);
    }
  }

  private void declare(String name, Declared wanted) {
    for (int i = 0; i < TRIES; i++) {
      Schedule now = readable(name);
      SchedulePause pause = now == null ? null : now.state().paused();
      boolean same = now != null && now.declared() && now.spec().equals(wanted.spec());
      Schedule after =
          manage.of(
              name,
              wanted.spec(),
              now,
              true,
              FILE,
              same ? paused(pause, wanted.paused()) : wanted.paused(),
              wanted.note());
      boolean unchanged = same && Objects.equals(pause, after.state().paused());
      if (unchanged || manage.write(now, after)) {
        return;
      }
    }
    throw new UnavailableException("store", "the schedule is being changed by others");
  }

  /** What is there; what cannot be read gives way to the file. */
  private @Nullable Schedule readable(String name) {
    try {
      return store.find(name).orElse(null);
    } catch (UnusableScheduleException e) {
      LOG.log(Level.WARNING, "event=schedule_replaced schedule=" + name + " by=file");
      boolean unused = store.delete(name, e.schedule().version()); // else another changed it
      return null;
    }
  }

  /** What an operator paused stays so. */
  private static @Nullable Boolean paused(@Nullable SchedulePause now, @Nullable Boolean wanted) {
    if (wanted == null || (now != null && !now.by().equals(FILE))) {
      return null;
    }
    return wanted;
  }

  private void delete(String name) {
    for (int i = 0; i < TRIES; i++) {
      StoredSchedule now = stored(name);
      if (now == null || !now.declared() || store.delete(name, now.version())) {
        return;
      }
    }
  }

  private @Nullable StoredSchedule stored(String name) {
    try {
      return store.find(name).orElse(null);
    } catch (UnusableScheduleException e) {
      return e.schedule();
    }
  }
}
