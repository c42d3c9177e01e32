package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.InvalidFieldException;
import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.usecase.lease.Lease;
import io.quikqueue.domain.usecase.lease.LeaseAnswer;
import io.quikqueue.domain.usecase.lease.LeaseId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes leases, and what their workers are told of them. */
final class LeaseWriter {

  private LeaseWriter() {}

  /**
   * {@code {"leases": [...]}}.
   *
   * @param draining says so too, in a field that is not there otherwise
   */
  static void write(JsonGenerator json, List<Lease> leases, boolean draining) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("leases");
    for (Lease lease : leases) {
      write(json, lease);
    }
    json.writeEndArray();
    if (draining) {
      json.writeBooleanField("draining", true);
    }
    json.writeEndObject();
  }

  /** The worker gets the payload whole: it needs the secrets in it. */
  private static void write(JsonGenerator json, Lease lease) throws IOException {
    Job job = lease.job();
    JobSpec spec = job.spec();
    json.writeStartObject();
    json.writeStringField("id", lease.id().toString());
    json.writeStringField("job_id", job.id().toString());
    json.writeNumberField("attempt", job.attempt());
    json.writeStringField("type", spec.type());
    json.writeStringField("queue", spec.queue());
    JobWriter.raw(json, "payload", spec.payload());
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : spec.labels().entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("failures", job.failures());
    json.writeNumberField("crashes", job.crashes());
    json.writeStringField("timeout", Durations.text(spec.policy().timeout()));
    JobWriter.text(json, "traceparent", spec.traceparent());
    JobWriter.time(json, "created_at", job.createdAt());
    JobWriter.time(json, "expires_at", lease.expiresAt());
    json.writeEndObject();
  }

  /**
   * What a worker is told of a lease; for a lease that is over, why it has to stop.
   *
   * @param answer neither unknown nor refused
   */
  static void write(JsonGenerator json, LeaseId id, LeaseAnswer answer) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id.toString());
    json.writeStringField("job_id", id.attempt().job().toString());
    switch (answer) {
      case LeaseAnswer.Held(var expiresAt) -> {
        json.writeNullField("stop");
        JobWriter.time(json, "expires_at", expiresAt);
      }
      case LeaseAnswer.Kept(var status, var value, var expiresAt) -> {
        json.writeNullField("stop");
        json.writeStringField("status", Words.of(status));
        JobWriter.raw(json, "value", value);
        JobWriter.time(json, "expires_at", expiresAt);
      }
      case LeaseAnswer.Recorded(var state) -> json.writeStringField("state", state.name());
      case LeaseAnswer.Over(var reason) -> {
        json.writeStringField("stop", name(reason));
        JobWriter.time(json, "expires_at", null);
      }
      case LeaseAnswer.Unknown(), LeaseAnswer.Refused _ ->
          throw new IllegalArgumentException("tell of a problem");
    }
    json.writeEndObject();
  }

  /** The problem that an answer is; null = it is none. */
  static @Nullable Problem problem(LeaseId id, LeaseAnswer answer, boolean isHeartbeat) {
    return switch (answer) {
      case LeaseAnswer.Unknown() -> LeaseProblems.unknownLease(id);
      case LeaseAnswer.Over(var reason) -> isHeartbeat ? null : LeaseProblems.leaseOver(id, reason);
      case LeaseAnswer.Refused(var field, var problem) ->
          Problems.of(new InvalidFieldException(field, problem));
      case LeaseAnswer.Held _, LeaseAnswer.Kept _, LeaseAnswer.Recorded _ -> null;
    };
  }

  static String name(LeaseAnswer.Reason reason) {
    return Words.of(reason);
  }
}
