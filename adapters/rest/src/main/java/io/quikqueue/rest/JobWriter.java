package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.callback.CallbackJobs;
import io.quikqueue.domain.job.AttemptRecord;
import io.quikqueue.domain.job.AttemptRecord.Outcome;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Generation;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.Progress;
import io.quikqueue.domain.usecase.find.WaitCheck;
import io.quikqueue.domain.usecase.redact.ShownJob;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes jobs. */
final class JobWriter {

  private JobWriter() {}

  /** What {@code /submit} answers: {@code {"id", "status"}}. */
  static void writeSubmitted(JsonGenerator json, Job job) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", job.id().toString());
    json.writeStringField("status", job.state().name());
    json.writeEndObject();
  }

  /**
   * A job that was deleted: {@code {"id", "state", "status", "deleted"}}.
   *
   * @param state how it ended; null = not known any more
   */
  static void writeDeleted(JsonGenerator json, JobId id, @Nullable JobState state)
      throws IOException {
    json.writeStartObject();
    writeDeletedFields(json, id, state);
    json.writeEndObject();
  }

  static void writeDeletedFields(JsonGenerator json, JobId id, @Nullable JobState state)
      throws IOException {
    if (state == null) {
      json.writeStringField("id", id.toString());
    } else {
      writeIdAndState(json, id, state);
    }
    json.writeBooleanField("deleted", true);
  }

  /** {@code {"id", "state", "status"}}. */
  static void writeBrief(JsonGenerator json, Job job) throws IOException {
    json.writeStartObject();
    writeIdAndState(json, job.id(), job.state());
    json.writeEndObject();
  }

  /** {@code status} is what programs read before there was {@code state}. */
  static void writeIdAndState(JsonGenerator json, JobId id, JobState state) throws IOException {
    json.writeStringField("id", id.toString());
    json.writeStringField("state", state.name());
    json.writeStringField("status", state.name());
  }

  /** All but payload and result. */
  static void writeSummary(JsonGenerator json, Job job) throws IOException {
    json.writeStartObject();
    writeIdAndState(json, job.id(), job.state());
    SpecWriter.write(json, job.spec());
    callback(json, job, null);
    writeCourse(json, job);
    json.writeEndObject();
  }

  /**
   * Writes all of a job.
   *
   * @param waitingFor why it does not start; null = nothing that is known
   */
  static void write(JsonGenerator json, ShownJob shown, @Nullable String waitingFor)
      throws IOException {
    json.writeStartObject();
    writeFields(json, shown.job(), waitingFor);
    callback(json, shown.job(), null);
    json.writeEndObject();
  }

  /**
   * Writes all of a job and what became of its attempts.
   *
   * @param waiting what it has to pass until it starts
   * @param told where the job stands that tells of its end; null = there is none
   */
  static void write(
      JsonGenerator json,
      ShownJob shown,
      List<WaitCheck> waiting,
      @Nullable Progress progress,
      @Nullable JobState told,
      List<AttemptRecord> attempts)
      throws IOException {
    Job job = shown.job();
    json.writeStartObject();
    writeFields(json, job, WaitCheck.firstFailed(waiting));
    waiting(json, job, waiting);
    progress(json, progress);
    callback(json, job, told);
    json.writeArrayFieldStart("attempts");
    for (AttemptRecord attempt : attempts) {
      json.writeStartObject();
      json.writeNumberField("number", attempt.number());
      json.writeNumberField("generation", attempt.generation());
      json.writeStringField("state", attempt.outcome().name());
      json.writeStringField("outcome", oldName(attempt.outcome()));
      time(json, "started_at", attempt.startedAt());
      time(json, "ended_at", attempt.endedAt());
      text(json, "worker", attempt.worker());
      text(json, "error", shown.text(attempt.error()));
      text(json, "error_class", attempt.errorClass());
      text(json, "trace", shown.text(attempt.trace()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** {@code {"generation", "earlier": [{"generation", "payload", "state", …}]}}. */
  static void writeGenerations(
      JsonGenerator json, Job job, List<Generation> earlier, Function<Job, ShownJob> shown)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("generation", job.generation());
    json.writeArrayFieldStart("earlier");
    for (Generation each : earlier) {
      ShownJob then =
          shown.apply(
              job.toBuilder().spec(job.spec().toBuilder().payload(each.payload()).build()).build());
      json.writeStartObject();
      json.writeNumberField("generation", each.number());
      json.writeStringField("state", each.state().name());
      json.writeNumberField("attempt", each.attempt());
      text(json, "error", then.text(each.error()));
      time(json, "ended_at", each.endedAt());
      time(json, "retried_at", each.retriedAt());
      raw(json, "payload", then.job().spec().payload());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void waiting(JsonGenerator json, Job job, List<WaitCheck> checks)
      throws IOException {
    json.writeArrayFieldStart("waiting");
    for (WaitCheck check : checks) {
      json.writeStartObject();
      json.writeStringField("code", check.code().label());
      json.writeBooleanField("passed", check.passed());
      text(json, "value", check.value());
      Integer limit = check.limit();
      if (limit == null) {
        json.writeNullField("limit");
      } else {
        json.writeNumberField("limit", limit);
      }
      text(json, "link", check.passed() ? null : link(check, job));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Where there is more about what holds a job; null = nowhere. */
  private static @Nullable String link(WaitCheck check, Job job) {
    return switch (check.code()) {
      case DUE -> null;
      case ORDERING_KEY -> check.value() == null ? null : "/v1/jobs/" + check.value();
      case QUEUE_PAUSED -> "/v1/queues/" + job.spec().queue();
      case GROUP_PAUSED, TYPE_PAUSED -> "/v1/pauses";
      case QUEUE_LIMIT, GROUP_LIMIT -> "/v1/queues/" + job.spec().queue() + "/limits";
      case TYPE_LIMIT -> "/v1/types/" + job.spec().type() + "/limits";
      case DESTINATION_CLOSED, RATE, ANNOUNCED -> null;
      case WORKER -> "/v1/workers";
      case DISPATCHED, POSITION -> "/v1/queues/" + job.spec().queue();
    };
  }

  /** What programs read before there was {@code state}. */
  private static String oldName(Outcome outcome) {
    return outcome == Outcome.DONE ? "SUCCEEDED" : outcome.name();
  }

  private static void writeFields(JsonGenerator json, Job job, @Nullable String waitingFor)
      throws IOException {
    writeIdAndState(json, job.id(), job.state());
    text(json, "waiting_for", waitingFor);
    SpecWriter.write(json, job.spec());
    raw(json, "payload", job.spec().payload());
    raw(json, "result", job.result());
    writeCourse(json, job);
  }

  /**
   * {@code "callback": {"url", "on", "job_id", "state"}}; without {@code job_id} while there is
   * nothing to tell of.
   */
  private static void callback(JsonGenerator json, Job job, @Nullable JobState told)
      throws IOException {
    Callback callback = job.spec().callback();
    if (callback == null) {
      return;
    }
    json.writeObjectFieldStart(CallbackReader.FIELD);
    SpecWriter.callbackFields(json, callback);
    JobId id = CallbackJobs.idOf(job);
    textIfSet(json, "job_id", id == null ? null : id.toString());
    textIfSet(json, "state", told == null ? null : told.name());
    json.writeEndObject();
  }

  private static void writeCourse(JsonGenerator json, Job job) throws IOException {
    if (job.holdsLine()) {
      json.writeBooleanField("holds_line", true);
    }
    json.writeNumberField("generation", job.generation());
    json.writeNumberField("attempt", job.attempt());
    json.writeNumberField("failures", job.failures());
    json.writeNumberField("crashes", job.crashes());
    text(json, "note", job.note());
    text(json, "error", job.error());
    time(json, "created_at", job.createdAt());
    time(json, "updated_at", job.updatedAt());
    time(json, "run_at", job.runAt());
    time(json, "due_at", job.dueAt());
    time(json, "started_at", job.startedAt());
    time(json, "finished_at", job.finishedAt());
  }

  /** {@code "progress": {"percent", "message"}}, or null. */
  static void progress(JsonGenerator json, @Nullable Progress progress) throws IOException {
    if (progress == null) {
      json.writeNullField("progress");
      return;
    }
    json.writeObjectFieldStart("progress");
    json.writeNumberField("percent", progress.percent());
    text(json, "message", progress.message());
    json.writeEndObject();
  }

  static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    json.writeString(value);
  }

  static void textIfSet(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  static void time(JsonGenerator json, String name, @Nullable Instant value) throws IOException {
    text(json, name, value == null ? null : value.toString());
  }

  /** JSON text as it is. */
  static void raw(JsonGenerator json, String name, @Nullable String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value == null ? "null" : value);
  }
}
