package io.quikqueue.domain.schedule;

import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.OnConflict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as a store holds it, but for its job: lines of a name, {@code =} and a value. A reader
 * skips the names that it does not know, so that a later version may add some.
 */
public final class ScheduleText {

  private ScheduleText() {}

  private static final class Lines {

    private final Map<String, List<String>> values = new HashMap<>();

    Lines(String text) {
      text.lines()
          .forEach(
              line -> {
                int equals = line.indexOf('=');
                if (equals > 0) {
                  values
                      .computeIfAbsent(line.substring(0, equals), _ -> new ArrayList<>())
                      .add(line.substring(equals + 1));
                }
              });
    }

    List<String> all(String name) {
      return values.getOrDefault(name, List.of());
    }

    @Nullable String one(String name) {
      return all(name).isEmpty() ? null : all(name).getFirst();
    }

    String given(String name) {
      String value = one(name);
      if (value == null) {
        throw new IllegalArgumentException("a schedule without " + name);
      }
      return value;
    }

    long number(String name) {
      return Long.parseLong(given(name));
    }

    @Nullable Integer integer(String name) {
      String value = one(name);
      return value == null ? null : Integer.valueOf(value);
    }

    @Nullable Instant instant(String name) {
      String value = one(name);
      return value == null ? null : ScheduleText.instant(value);
    }

    @Nullable Duration millis(String name) {
      String value = one(name);
      return value == null ? null : Duration.ofMillis(Long.parseLong(value));
    }
  }

  private static void put(StringBuilder out, String name, @Nullable Object value) {
    if (value != null) {
      out.append(name).append('=').append(value).append('\n');
    }
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : (Long) duration.toMillis();
  }

  private static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : (Long) ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(String micros) {
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }

  /** All of what it is to do but its job. */
  public static String write(ScheduleSpec spec) {
    Timing timing = spec.timing();
    StringBuilder out = new StringBuilder();
    timing.crons().forEach(each -> put(out, "cron", each.text()));
    timing.calendars().forEach(each -> put(out, "calendar", each.cron()));
    put(out, "every", millis(timing.every()));
    put(out, "at", micros(timing.at()));
    timing.exclude().forEach(each -> put(out, "exclude", each.text()));
    put(out, "zone", timing.zone().getId());
    put(out, "gap", timing.dst().gap());
    put(out, "dst_overlap", timing.dst().overlap());
    put(out, "start", micros(timing.start()));
    put(out, "end", micros(timing.end()));
    put(out, "overlap", spec.overlap());
    put(out, "catch_up", spec.catchUp().kind());
    put(out, "window", millis(spec.catchUp().window()));
    put(out, "jitter", spec.jitter().toMillis());
    put(out, "remaining", spec.remaining());
    put(out, "pause_after", spec.pauseAfter());
    put(out, "on_conflict", spec.onConflict().kind());
    return out.toString();
  }

  /**
   * Reads what {@link #write(ScheduleSpec)} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ScheduleSpec readSpec(String text, JobSpec job) {
    Lines lines = new Lines(text);
    Timing timing =
        new Timing(
            lines.all("cron").stream().map(Cron::parse).toList(),
            lines.all("calendar").stream().map(CalendarTime::parse).toList(),
            lines.millis("every"),
            lines.instant("at"),
            lines.all("exclude").stream().map(Exclusion::parse).toList(),
            ZoneId.of(lines.given("zone")),
            new Dst(
                Dst.Gap.valueOf(lines.given("gap")),
                Dst.Overlap.valueOf(lines.given("dst_overlap"))),
            lines.instant("start"),
            lines.instant("end"));
    return new ScheduleSpec(
        timing,
        job,
        new OnConflict(OnConflict.Kind.valueOf(lines.given("on_conflict")), null, null),
        OverlapPolicy.valueOf(lines.given("overlap")),
        new CatchUp(CatchUp.Kind.valueOf(lines.given("catch_up")), lines.millis("window")),
        Duration.ofMillis(lines.number("jitter")),
        lines.integer("remaining"),
        lines.integer("pause_after"));
  }

  /** How far it is. */
  public static String write(ScheduleState state) {
    StringBuilder out = new StringBuilder();
    put(out, "settled", micros(state.settledUntil()));
    put(out, "next", micros(state.next()));
    put(out, "look", micros(state.lookAt()));
    put(out, "remaining", state.remaining());
    SchedulePause paused = state.paused();
    if (paused != null) {
      put(out, "paused_at", micros(paused.at()));
      put(out, "paused_by", paused.by());
      put(out, "note", paused.note());
    }
    for (Fire fire : state.open()) {
      put(
          out,
          "open",
          String.join(
              ",",
              Long.toString(fire.number()),
              String.valueOf(micros(fire.at())),
              String.valueOf(micros(fire.actualAt())),
              fire.kind().name(),
              fire.outcome().name(),
              fire.job() == null ? "" : fire.job().toString()));
    }
    put(out, "failures", state.failures());
    put(out, "fired", state.fired());
    put(out, "missed", state.missed());
    put(out, "skipped", state.skipped());
    put(out, "last", state.last());
    return out.toString();
  }

  /**
   * Reads what {@link #write(ScheduleState)} gave.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ScheduleState readState(String text) {
    Lines lines = new Lines(text);
    Instant pausedAt = lines.instant("paused_at");
    String note = lines.one("note");
    return new ScheduleState(
        instant(lines.given("settled")),
        lines.instant("next"),
        lines.instant("look"),
        lines.integer("remaining"),
        pausedAt == null
            ? null
            : new SchedulePause(note == null ? "" : note, lines.given("paused_by"), pausedAt),
        lines.all("open").stream().map(ScheduleText::fire).toList(),
        (int) lines.number("failures"),
        lines.number("fired"),
        lines.number("missed"),
        lines.number("skipped"),
        lines.number("last"));
  }

  private static Fire fire(String text) {
    String[] part = text.split(",", 6);
    if (part.length != 6) {
      throw new IllegalArgumentException("not a fire: " + text);
    }
    return new Fire(
        Long.parseLong(part[0]),
        instant(part[1]),
        instant(part[2]),
        Fire.Kind.valueOf(part[3]),
        Fire.Outcome.valueOf(part[4]),
        part[5].isEmpty() ? null : JobId.parse(part[5]),
        null);
  }
}
