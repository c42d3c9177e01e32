package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.InvalidPayloadException;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.schedule.CalendarTime;
import io.quikqueue.domain.schedule.CatchUp;
import io.quikqueue.domain.schedule.Cron;
import io.quikqueue.domain.schedule.Dst;
import io.quikqueue.domain.schedule.Exclusion;
import io.quikqueue.domain.schedule.InvalidCronException;
import io.quikqueue.domain.schedule.OverlapPolicy;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.usecase.submit.JobRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a schedule is to do; used once. */
final class ScheduleReader {

  private static final int LONGEST_ZONE = 64;

  private final List<Cron> crons = new ArrayList<>(1);
  private final List<CalendarTime> calendars = new ArrayList<>(0);
  private final List<Exclusion> exclude = new ArrayList<>(0);
  private @Nullable Duration every;
  private @Nullable Instant at;
  private ZoneId zone = ZoneId.of("UTC");
  private Dst.Gap gap = Dst.Gap.SHIFT;
  private Dst.Overlap dstOverlap = Dst.Overlap.FIRST;
  private @Nullable Instant start;
  private @Nullable Instant end;
  private @Nullable JobRequest job;
  private OverlapPolicy overlap = OverlapPolicy.SKIP;
  private CatchUp.Kind catchUp = CatchUp.Kind.LAST;
  private @Nullable Duration window;
  private Duration jitter = Duration.ZERO;
  private @Nullable Integer remaining;
  private @Nullable Integer pauseAfter;
  private @Nullable Boolean paused;
  private @Nullable String note;

  private ScheduleReader() {}

  /**
   * What a client asks for.
   *
   * @param paused null = it is not said
   */
  record Asked(ScheduleSpec spec, @Nullable Boolean paused, @Nullable String note) {}

  /**
   * Reads a definition.
   *
   * @throws ProblemException when it is none
   * @throws InvalidFieldException when a value is one that there cannot be
   */
  static Asked read(String json) {
    ScheduleReader reader = new ScheduleReader();
    JsonReader.read(json, Source.START, reader::document);
    return reader.asked();
  }

  private void document(JsonReader json) throws IOException {
    json.object("", name -> field(json, name));
    if (job == null) {
      json.missing("job");
    }
  }

  private void field(JsonReader json, String name) throws IOException {
    switch (name) {
      case "cron" -> texts(json, name, Timing.MOST_CRONS, text -> crons.add(Cron.parse(text)));
      case "calendar" -> calendar(json, name);
      case "calendars" ->
          json.items(name, Timing.MOST_CRONS, "a list of calendars", item -> calendar(json, item));
      case "every" -> every = json.duration(name);
      case "at" -> at = json.instant(name);
      case "exclude" ->
          texts(json, name, Timing.MOST_EXCLUSIONS, text -> exclude.add(Exclusion.parse(text)));
      case "zone" -> zone(json, name);
      case "dst" -> json.objectOrNull(name, inner -> dst(json, inner));
      case "start" -> start = json.instant(name);
      case "end" -> end = json.instant(name);
      case "job" -> job(json, name);
      case "overlap" -> overlap = Words.read(json, name, overlap);
      case "catch_up" -> catchUp(json, name);
      case "jitter" -> jitter = orElse(json.duration(name), jitter);
      case "remaining" -> remaining = json.integer(name);
      case "pause_after_failures" -> pauseAfter = json.integer(name);
      case "paused" -> paused = json.bool(name);
      case "note" -> note = json.string(name);
      case "name", "declared", "changed_by", "changed_at", "status" ->
          json.skip(); // what was read is sent back
      default -> json.unknown(name);
    }
  }

  private static Duration orElse(@Nullable Duration given, Duration usual) {
    return given == null ? usual : given;
  }

  private interface Text {
    void read(String text);
  }

  /** One text or a list of texts. */
  private static void texts(JsonReader json, String field, int most, Text each) throws IOException {
    if (json.isString()) {
      text(json, field, each);
    } else {
      json.items(field, most, "a text or a list of texts", item -> text(json, item, each));
    }
  }

  private static void text(JsonReader json, String field, Text each) throws IOException {
    String text = json.string(field);
    if (text != null) {
      try {
        each.read(text);
      } catch (InvalidCronException e) {
        json.error(Problems.invalidValue(field, String.valueOf(e.getMessage())));
      }
    }
  }

  private void calendar(JsonReader json, String path) throws IOException {
    String[] part = {"0", "0", "0", "*", "*", "*"};
    List<String> names = List.of("second", "minute", "hour", "day", "month", "weekday");
    boolean[] wrong = new boolean[1];
    json.object(
        path,
        name -> {
          int i = names.indexOf(name);
          if (i < 0) {
            wrong[0] = true;
            json.unknown(path + "." + name);
            return;
          }
          String text = json.string(path + "." + name);
          part[i] = text == null ? part[i] : text;
        });
    if (wrong[0]) {
      return;
    }
    try {
      calendars.add(new CalendarTime(part[0], part[1], part[2], part[3], part[4], part[5]));
    } catch (InvalidFieldException e) {
      json.error(Problems.invalidValue(path + "." + e.field(), e.problem()));
    } catch (InvalidCronException e) {
      json.error(Problems.invalidValue(path, String.valueOf(e.getMessage())));
    }
  }

  private void zone(JsonReader json, String field) throws IOException {
    String text = json.string(field);
    if (text == null) {
      return;
    }
    try {
      if (text.length() > LONGEST_ZONE) {
        throw new DateTimeException("too long");
      }
      zone = ZoneId.of(text);
    } catch (DateTimeException e) {
      json.error(
          Problems.invalidValue(field, "must be the name of a time zone such as Europe/Berlin"));
    }
  }

  private void dst(JsonReader json, String name) throws IOException {
    String field = "dst." + name;
    switch (name) {
      case "gap" -> gap = Words.read(json, field, gap);
      case "overlap" -> dstOverlap = Words.read(json, field, dstOverlap);
      default -> json.unknown(field);
    }
  }

  /** {@code "last"}, or an object with the policy and its window. */
  private void catchUp(JsonReader json, String field) throws IOException {
    if (json.isString() || json.isNull()) {
      catchUpKind(json, field);
      return;
    }
    json.object(
        field,
        name -> {
          switch (name) {
            case "policy" -> catchUpKind(json, field + ".policy");
            case "window" -> window = json.duration(field + ".window");
            default -> json.unknown(field + "." + name);
          }
        });
  }

  private void catchUpKind(JsonReader json, String field) throws IOException {
    catchUp = Words.read(json, field, catchUp);
  }

  private void job(JsonReader json, String field) throws IOException {
    if (!json.isObject()) {
      json.wrongType(field, "an object");
      return;
    }
    JobRequest read;
    try {
      read = JobReader.read(json.raw(), null, null);
    } catch (ProblemException e) {
      throw new ProblemException(e.problem().under(field));
    } catch (InvalidPayloadException e) {
      throw e;
    } catch (InvalidFieldException e) {
      throw new InvalidFieldException(field + "." + e.field(), e.problem());
    }
    refuse(json, read.runAt() != null, "job.run_at");
    refuse(json, read.delay() != null, "job.delay");
    refuse(json, read.spec().deadline() != null, "job.deadline");
    refuse(json, read.onConflict().kind() == OnConflict.Kind.DEBOUNCE, "job.unique.on_conflict");
    requirePlaces(json, read.spec().payload());
    job = read;
  }

  private static void refuse(JsonReader json, boolean given, String field) {
    if (given) {
      json.error(Problems.invalidValue(field, "cannot be given: the schedule decides when"));
    }
  }

  private static void requirePlaces(JsonReader json, String payload) {
    if (payload.contains("schedule") && places(payload) != ScheduleSpec.places(payload)) {
      json.error(
          Problems.invalidValue(
              "job.payload",
              "an object with $schedule must be {\"$schedule\": \"scheduled_at\"} or"
                  + " {\"$schedule\": \"actual_at\"}"));
    }
  }

  private static long places(String payload) {
    long places = 0;
    try (JsonParser parser = Json.FACTORY.createParser(payload)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("$schedule")) {
          places++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it was parsed before
    }
    return places;
  }

  private Asked asked() {
    if (job == null) {
      throw new IllegalStateException("the reader let a missing job pass");
    }
    Timing timing =
        new Timing(
            crons, calendars, every, at, exclude, zone, new Dst(gap, dstOverlap), start, end);
    ScheduleSpec spec =
        new ScheduleSpec(
            timing,
            job.spec(),
            job.onConflict(),
            overlap,
            new CatchUp(catchUp, window),
            jitter,
            remaining,
            pauseAfter);
    return new Asked(spec, paused, note);
  }
}
