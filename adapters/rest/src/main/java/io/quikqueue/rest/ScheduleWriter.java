package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnConflict;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.schedule.CalendarTime;
import io.quikqueue.domain.schedule.Cron;
import io.quikqueue.domain.schedule.Exclusion;
import io.quikqueue.domain.schedule.Fire;
import io.quikqueue.domain.schedule.Fire.Outcome;
import io.quikqueue.domain.schedule.Schedule;
import io.quikqueue.domain.schedule.SchedulePause;
import io.quikqueue.domain.schedule.ScheduleSpec;
import io.quikqueue.domain.schedule.ScheduleState;
import io.quikqueue.domain.schedule.StoredSchedule;
import io.quikqueue.domain.schedule.Timing;
import io.quikqueue.domain.schedule.UnreadableSchedule;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.Redaction;
import io.quikqueue.domain.usecase.schedule.ScheduleView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes schedules as {@link ScheduleReader} reads them, and how far they are. */
final class ScheduleWriter {

  private final Redaction redaction;

  ScheduleWriter(Redaction redaction) {
    this.redaction = redaction;
  }

  void write(JsonGenerator json, Caller caller, ScheduleView view) throws IOException {
    write(json, caller, view.schedule(), view);
  }

  /** Without its last fires. */
  void write(JsonGenerator json, Caller caller, StoredSchedule stored) throws IOException {
    switch (stored) {
      case Schedule schedule -> write(json, caller, schedule, null);
      case UnreadableSchedule unreadable -> {
        json.writeStartObject();
        json.writeStringField("name", unreadable.name());
        json.writeBooleanField("declared", unreadable.declared());
        json.writeObjectFieldStart("status");
        json.writeStringField("unusable", "cannot be read here: " + unreadable.reason());
        json.writeEndObject();
        json.writeEndObject();
      }
    }
  }

  private void write(
      JsonGenerator json, Caller caller, Schedule schedule, @Nullable ScheduleView view)
      throws IOException {
    ScheduleSpec spec = schedule.spec();
    SchedulePause paused = schedule.state().paused();
    json.writeStartObject();
    json.writeStringField("name", schedule.name());
    timing(json, spec.timing());
    json.writeObjectFieldStart("job");
    job(json, caller, schedule);
    json.writeEndObject();
    json.writeStringField("overlap", Words.of(spec.overlap()));
    json.writeObjectFieldStart("catch_up");
    json.writeStringField("policy", Words.of(spec.catchUp().kind()));
    duration(json, "window", spec.catchUp().window());
    json.writeEndObject();
    json.writeStringField("jitter", Durations.text(spec.jitter()));
    number(json, "remaining", spec.remaining());
    number(json, "pause_after_failures", spec.pauseAfter());
    json.writeBooleanField("paused", paused != null);
    JobWriter.text(json, "note", paused == null ? null : paused.note());
    json.writeBooleanField("declared", schedule.declared());
    json.writeStringField("changed_by", schedule.changedBy());
    JobWriter.time(json, "changed_at", schedule.changedAt());
    json.writeObjectFieldStart("status");
    status(json, schedule.state());
    JobWriter.text(json, "unusable", schedule.unusable());
    if (view != null) {
      json.writeArrayFieldStart("fires");
      for (Fire fire : view.fires()) {
        fire(json, fire, view.states());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void timing(JsonGenerator json, Timing timing) throws IOException {
    texts(json, "cron", timing.crons().stream().map(Cron::text).toList());
    if (!timing.calendars().isEmpty()) {
      json.writeArrayFieldStart("calendars");
      for (CalendarTime each : timing.calendars()) {
        json.writeStartObject();
        json.writeStringField("second", each.second());
        json.writeStringField("minute", each.minute());
        json.writeStringField("hour", each.hour());
        json.writeStringField("day", each.day());
        json.writeStringField("month", each.month());
        json.writeStringField("weekday", each.weekday());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (timing.every() != null) {
      duration(json, "every", timing.every());
    }
    if (timing.at() != null) {
      JobWriter.time(json, "at", timing.at());
    }
    texts(json, "exclude", timing.exclude().stream().map(Exclusion::text).toList());
    json.writeStringField("zone", timing.zone().getId());
    json.writeObjectFieldStart("dst");
    json.writeStringField("gap", Words.of(timing.dst().gap()));
    json.writeStringField("overlap", Words.of(timing.dst().overlap()));
    json.writeEndObject();
    JobWriter.time(json, "start", timing.start());
    JobWriter.time(json, "end", timing.end());
  }

  /** What the reader takes of a job, so that what was read can be sent back. */
  private void job(JsonGenerator json, Caller caller, Schedule schedule) throws IOException {
    JobSpec spec = redaction.show(caller, schedule.template()).job().spec();
    json.writeStringField("type", spec.type());
    json.writeStringField("queue", spec.queue());
    json.writeNumberField("priority", spec.priority());
    if (spec.group() != null) {
      json.writeStringField("group", spec.group());
    }
    if (spec.orderingKey() != null) {
      json.writeStringField("ordering_key", spec.orderingKey());
    }
    String onFailedHead = SpecWriter.onFailedHead(spec);
    if (onFailedHead != null) {
      json.writeStringField("on_failed_head", onFailedHead);
    }
    json.writeNumberField("cost", spec.cost());
    if (spec.unique() != null) {
      OnConflict.Kind kind = schedule.spec().onConflict().kind();
      SpecWriter.unique(json, spec.unique(), Words.of(kind));
    }
    if (spec.callback() != null) {
      SpecWriter.callback(json, spec.callback());
    }
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : new TreeMap<>(spec.labels()).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    policy(json, spec.policy());
    JobWriter.raw(json, "payload", spec.payload());
  }

  /** What the client named of it. */
  private static void policy(JsonGenerator json, Policy policy) throws IOException {
    if (policy.owns(Policy.OWN_TIMEOUT)) {
      duration(json, "timeout", policy.timeout());
    }
    json.writeObjectFieldStart(RetryReader.FIELD);
    if (policy.owns(Policy.OWN_MAX_ATTEMPTS)) {
      json.writeNumberField("max_attempts", policy.maxAttempts());
    }
    if (policy.owns(Policy.OWN_DELAYS)) {
      SpecWriter.writeDelays(json, policy.delays());
    }
    if (policy.owns(Policy.OWN_MAX_ELAPSED)) {
      duration(json, "max_elapsed", policy.maxElapsed());
    }
    if (policy.owns(Policy.OWN_MAX_CRASHES)) {
      json.writeNumberField("max_crashes", policy.maxCrashes());
    }
    json.writeEndObject();
  }

  private static void status(JsonGenerator json, ScheduleState state) throws IOException {
    SchedulePause paused = state.paused();
    JobWriter.time(json, "next", state.next());
    number(json, "remaining", state.remaining());
    JobWriter.text(json, "paused_by", paused == null ? null : paused.by());
    JobWriter.time(json, "paused_at", paused == null ? null : paused.at());
    json.writeNumberField("started", state.fired());
    json.writeNumberField("missed", state.missed());
    json.writeNumberField("skipped", state.skipped());
    json.writeNumberField("failures_in_a_row", state.failures());
    json.writeNumberField(
        "buffered",
        state.open().stream().filter(fire -> fire.outcome() == Outcome.BUFFERED).count());
  }

  /**
   * Writes a fire.
   *
   * @param states how its job stands, when it has not ended as far as the fire knows
   */
  static void fire(JsonGenerator json, Fire fire, Map<JobId, JobState> states) throws IOException {
    JobId job = fire.job();
    JobState state = job == null ? null : states.get(job);
    json.writeStartObject();
    JobWriter.time(json, "scheduled_at", fire.at());
    JobWriter.time(json, "actual_at", fire.actualAt());
    json.writeStringField("kind", Words.of(fire.kind()));
    json.writeStringField(
        "outcome",
        fire.outcome() == Outcome.STARTED && state != null && state.terminal()
            ? Words.of(state)
            : Words.of(fire.outcome()));
    JobWriter.text(json, "job_id", job == null ? null : job.toString());
    JobWriter.text(json, "cause", fire.cause());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    if (texts.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void number(JsonGenerator json, String name, @Nullable Integer number)
      throws IOException {
    if (number == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, number);
    }
  }

  private static void duration(JsonGenerator json, String name, @Nullable Duration duration)
      throws IOException {
    JobWriter.text(json, name, duration == null ? null : Durations.text(duration));
  }
}
