package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.PolicyOptions;
import io.quikqueue.domain.job.RetryDelays;
import io.quikqueue.domain.job.RetryOptions;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.policy.PolicyEntry;
import io.quikqueue.domain.port.PolicyStore.PutResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows, sets and deletes policies, of queues and types alike. */
final class PolicyAnswers {

  private final UseCases use;
  private final RequestBodies bodies;

  PolicyAnswers(UseCases use, RequestBodies bodies) {
    this.use = use;
    this.bodies = bodies;
  }

  Response find(HttpServletRequest request, LimitKey key) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    PolicyEntry entry =
        use.changePolicies()
            .find(Callers.of(request), key)
            .orElseThrow(() -> new ProblemException(Problems.noPolicy(key)));
    if (!conditions.matches(entry.version())) {
      throw new ProblemException(Problems.preconditionFailed("policy", key));
    }
    return conditions.isKnown(entry.version())
        ? Response.notModified()
            .header(HttpHeaders.ETAG, Preconditions.tag(entry.version()))
            .build()
        : show(entry);
  }

  Response put(HttpServletRequest request, InputStream body, LimitKey key) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    PolicyOptions policy = policy(body, request);
    PutResult.Done done =
        use.changePolicies()
            .put(Callers.of(request), key, policy, now -> holds(conditions, now))
            .orElseThrow(() -> new ProblemException(Problems.preconditionFailed("policy", key)));
    Response answer = show(done.entry());
    return done.created() ? Response.fromResponse(answer).status(201).build() : answer;
  }

  Response delete(HttpServletRequest request, LimitKey key) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    return switch (use.changePolicies()
        .delete(Callers.of(request), key, now -> holds(conditions, now))) {
      case DONE -> Response.noContent().build();
      case MISMATCH -> throw new ProblemException(Problems.preconditionFailed("policy", key));
      case NONE -> throw new ProblemException(Problems.noPolicy(key));
    };
  }

  private static boolean holds(Preconditions conditions, @Nullable PolicyEntry now) {
    Long version = now == null ? null : (Long) now.version();
    return conditions.matches(version) && !conditions.isKnown(version);
  }

  private PolicyOptions policy(InputStream body, HttpServletRequest request) {
    return bodies.read(body, request, PolicyReader::read);
  }

  private static Response show(PolicyEntry entry) {
    Response answer =
        Responses.ok(
            Json.bytes(
                json -> {
                  json.writeStartObject();
                  duration(json, "timeout", entry.policy().timeout());
                  json.writeObjectFieldStart(RetryReader.FIELD);
                  retry(json, entry.policy().retry());
                  json.writeEndObject();
                  json.writeBooleanField("declared", entry.declared());
                  json.writeStringField("changed_by", entry.by());
                  json.writeStringField("changed_at", entry.at().toString());
                  json.writeEndObject();
                }));
    return Response.fromResponse(answer)
        .header(HttpHeaders.ETAG, Preconditions.tag(entry.version()))
        .build();
  }

  private static void retry(JsonGenerator json, RetryOptions retry) throws IOException {
    number(json, "max_attempts", retry.maxAttempts());
    RetryDelays delays = retry.delays();
    if (delays != null) {
      SpecWriter.writeDelays(json, delays);
    }
    duration(json, "max_elapsed", retry.maxElapsed());
    number(json, "max_crashes", retry.maxCrashes());
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
