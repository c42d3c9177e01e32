package io.quikqueue.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What submits jobs at its times. Safe for use by many threads. All methods throw a {@link
 * QuikQueueException}: {@link QuikQueueException.NotFound} where there is no schedule of the name,
 * unless they say otherwise, and {@link QuikQueueException.Conflict} where a file declares one that
 * is to be changed.
 */
public final class Schedules {

  private static final String PATH = "/v1/schedules";

  private final Calls calls;

  Schedules(Calls calls) {
    this.calls = calls;
  }

  /** Creates a schedule, or sets another in its place. */
  public ScheduleView put(String name, NewSchedule schedule) {
    return ScheduleView.of(calls.send("PUT", path(name), schedule.fields(), true));
  }

  /** A schedule; empty when there is none of this name. */
  public Optional<ScheduleView> find(String name) {
    try {
      return Optional.of(ScheduleView.of(calls.get(path(name))));
    } catch (QuikQueueException.NotFound e) {
      return Optional.empty();
    }
  }

  /**
   * Up to 500 schedules by their names.
   *
   * @param after only names behind this one; null = all
   */
  public List<ScheduleView> list(@Nullable String after) {
    String query = "?limit=500" + (after == null ? "" : "&after=" + after);
    List<ScheduleView> found = new ArrayList<>();
    calls.get(PATH + query).path("schedules").forEach(each -> found.add(ScheduleView.of(each)));
    return found;
  }

  /** Deletes a schedule; its jobs stay. */
  public void delete(String name) {
    calls.send("DELETE", path(name), null, false);
  }

  /** Lets a schedule not fire for now. */
  public ScheduleView pause(String name, String note) {
    return ScheduleView.of(calls.send("POST", path(name) + "/pause", Map.of("note", note), true));
  }

  /** Lets it fire again; the times that have passed meanwhile are left out. */
  public ScheduleView resume(String name) {
    return ScheduleView.of(calls.send("POST", path(name) + "/resume", null, true));
  }

  /** Fires it now; sent once. */
  public ScheduleFire trigger(String name) {
    return ScheduleFire.of(calls.send("POST", path(name) + "/trigger", null, false));
  }

  /**
   * Makes up for fire times that have passed, one job after the other; at most 100 of them.
   *
   * @return what became of those that had started no job
   */
  public List<ScheduleFire> backfill(String name, Instant from, Instant to) {
    Map<String, Object> range = Map.of("from", from.toString(), "to", to.toString());
    List<ScheduleFire> fires = new ArrayList<>();
    calls
        .send("POST", path(name) + "/backfill", range, true)
        .path("fires")
        .forEach(each -> fires.add(ScheduleFire.of(each)));
    return fires;
  }

  /** The next ten fire times, without jitter. */
  public List<Instant> preview(String name) {
    List<Instant> times = new ArrayList<>();
    calls
        .get(path(name) + "/preview")
        .path("times")
        .forEach(each -> times.add(Instant.parse(each.path("at").asText())));
    return times;
  }

  private static String path(String name) {
    return PATH + "/" + name;
  }
}
