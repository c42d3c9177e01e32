package io.quikqueue.domain.usecase.schedule;

import io.quikqueue.domain.port.ScheduleStore;
import io.quikqueue.domain.port.UnavailableException;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.ScheduleSpec;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Declares the schedules of this process's files, once in its life: of processes whose files
 * differ, the one that started last decides. What is declared already goes on as it is. Not safe
 * for use by several threads.
 */
public final class DeclareSchedules {

  /** Who changed schedules that are declared. */
  public static final String FILE = "file";

  private static final Duration LATER = Duration.ofHours(1);
  private static final int TRIES = 20;

  private final ManageSchedules manage;
  private final ScheduleStore store;
  private final Map<String, Declared> declared;
  private boolean done;

  /**
   * What a file says.
   *
   * @param paused whether it is paused from now on; null = as it is
   */
  public record Declared(ScheduleSpec spec, @Nullable Boolean paused, @Nullable String note) {}

  public DeclareSchedules(
      ManageSchedules manage, ScheduleStore store, Map<String, Declared> declared) {
    this.manage = manage;
    this.store = store;
    this.declared = Map.copyOf(declared);
  }

  /**
   * Declares the schedules, unless it has succeeded in that before. Those that were declared and
   * are not any more are deleted.
   *
   * @return how long to wait before the next call, which has nothing to do
   * @throws UnavailableException when the store cannot be reached
   */
  public Duration declare() {
    if (!done) {
      declared.forEach(this::declare);
      for (String name : store.declared()) {
        if (!declared.containsKey(name)) {
          delete(name);
        }
      }
      done = true;
    }
    return LATER;
  }

  private void declare(String name, Declared wanted) {
    for (int i = 0; i < TRIES; i++) {
      Schedule now = store.find(name).orElse(null);
      boolean same = now != null && now.declared() && now.spec().equals(wanted.spec());
      Schedule after =
          manage.of(
              name,
              wanted.spec(),
              now,
              true,
              FILE,
              same ? null : wanted.paused(), // what an operator paused stays so
              wanted.note());
      if (same || manage.write(now, after)) {
        return;
      }
    }
    throw new UnavailableException("store", "the schedule is being changed by others");
  }

  private void delete(String name) {
    for (int i = 0; i < TRIES; i++) {
      Schedule now = store.find(name).orElse(null);
      if (now == null || !now.declared() || store.delete(name, now.version())) {
        return;
      }
    }
  }
}
