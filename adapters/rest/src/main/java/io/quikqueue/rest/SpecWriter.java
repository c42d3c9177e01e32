package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Callback;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.job.OnFailedHead;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryDelays.Kind;
import io.quikqueue.domain.job.Unique;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what jobs are asked for. */
final class SpecWriter {

  private SpecWriter() {}

  static void write(JsonGenerator json, JobSpec spec) throws IOException {
    json.writeStringField("type", spec.type());
    json.writeStringField("queue", spec.queue());
    json.writeNumberField("priority", spec.priority());
    JobWriter.textIfSet(json, "group", spec.group());
    JobWriter.textIfSet(json, "ordering_key", spec.orderingKey());
    JobWriter.textIfSet(json, "on_failed_head", onFailedHead(spec));
    if (spec.cost() != JobSpec.DEFAULT_COST) {
      json.writeNumberField("cost", spec.cost());
    }
    JobWriter.textIfSet(json, "owner", spec.owner());
    if (spec.unique() != null) {
      unique(json, spec.unique(), null);
    }
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : spec.labels().entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    writePolicy(json, spec.policy());
    JobWriter.text(json, "traceparent", spec.traceparent());
    JobWriter.time(json, "deadline", spec.deadline());
  }

  /** Null = as it is by default. */
  static @Nullable String onFailedHead(JobSpec spec) {
    return spec.onFailedHead() == OnFailedHead.CONTINUE ? null : Words.of(OnFailedHead.HOLD);
  }

  static void unique(JsonGenerator json, Unique unique, @Nullable String onConflict)
      throws IOException {
    json.writeObjectFieldStart(UniqueReader.FIELD);
    JobWriter.textIfSet(json, "key", unique.key());
    json.writeStringField("within", Words.of(unique.within()));
    json.writeArrayFieldStart("states");
    for (JobState state : unique.states()) {
      json.writeString(state.name());
    }
    json.writeEndArray();
    Duration holdsFor = unique.holdsFor();
    JobWriter.textIfSet(json, "for", holdsFor == null ? null : Durations.text(holdsFor));
    JobWriter.textIfSet(json, "on_conflict", onConflict);
    json.writeEndObject();
  }

  /** As a client asks for it. */
  static void callback(JsonGenerator json, Callback callback) throws IOException {
    json.writeObjectFieldStart(CallbackReader.FIELD);
    callbackFields(json, callback);
    json.writeEndObject();
  }

  static void callbackFields(JsonGenerator json, Callback callback) throws IOException {
    json.writeStringField("url", callback.url());
    json.writeArrayFieldStart("on");
    for (JobState state : callback.on()) {
      json.writeString(Callback.name(state));
    }
    json.writeEndArray();
  }

  private static void writePolicy(JsonGenerator json, Policy policy) throws IOException {
    json.writeStringField("timeout", Durations.text(policy.timeout()));
    json.writeObjectFieldStart("retry");
    json.writeNumberField("max_attempts", policy.maxAttempts());
    writeDelays(json, policy.delays());
    Duration maxElapsed = policy.maxElapsed();
    JobWriter.text(json, "max_elapsed", maxElapsed == null ? null : Durations.text(maxElapsed));
    json.writeNumberField("max_crashes", policy.maxCrashes());
    json.writeEndObject();
  }

  /** What does not go with the kind is null, so that it may be sent as it was read. */
  static void writeDelays(JsonGenerator json, RetryDelays delays) throws IOException {
    boolean list = delays.kind() == Kind.LIST;
    boolean doubles = delays.kind() == Kind.EXPONENTIAL;
    if (!delays.isUsualKind()) {
      json.writeStringField("kind", delays.kind().text());
      json.writeNumberField("jitter", delays.jitter());
    }
    JobWriter.text(json, "backoff", list ? null : Durations.text(delays.first()));
    JobWriter.text(json, "backoff_cap", doubles ? Durations.text(delays.longest()) : null);
    if (list) {
      json.writeArrayFieldStart("delays");
      for (Duration delay : delays.delays()) {
        json.writeString(Durations.text(delay));
      }
      json.writeEndArray();
    }
  }
}
