package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.job.Durations;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.limit.LimitEntry;
import io.quikqueue.domain.limit.LimitKey;
import io.quikqueue.domain.limit.Limits;
import io.quikqueue.domain.limit.Rate;
import io.quikqueue.domain.limit.Retention;
import io.quikqueue.domain.port.LimitStore.PutResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows, sets and deletes limits, of queues and types alike. */
final class LimitAnswers {

  private final UseCases use;
  private final RequestBodies bodies;

  LimitAnswers(UseCases use, RequestBodies bodies) {
    this.use = use;
    this.bodies = bodies;
  }

  Response find(HttpServletRequest request, LimitKey key) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    LimitEntry entry =
        use.changeLimits()
            .find(Callers.of(request), key)
            .orElseThrow(() -> new ProblemException(Problems.noLimits(key)));
    if (!conditions.matches(entry)) {
      throw new ProblemException(Problems.preconditionFailed(key));
    }
    return conditions.isKnown(entry)
        ? Response.notModified().header(HttpHeaders.ETAG, Preconditions.tag(entry)).build()
        : show(entry);
  }

  Response put(HttpServletRequest request, InputStream body, LimitKey key) {
    QueryParameters.requireNone(request);
    Preconditions conditions = new Preconditions(request);
    Limits limits = limits(body, request);
    PutResult.Done done =
        use.changeLimits()
            .put(Callers.of(request), key, limits, conditions)
            .orElseThrow(() -> new ProblemException(Problems.preconditionFailed(key)));
    Response answer = show(done.entry());
    return done.created() ? Response.fromResponse(answer).status(201).build() : answer;
  }

  Response delete(HttpServletRequest request, LimitKey key) {
    QueryParameters.requireNone(request);
    return switch (use.changeLimits()
        .delete(Callers.of(request), key, new Preconditions(request))) {
      case DONE -> Response.noContent().build();
      case MISMATCH -> throw new ProblemException(Problems.preconditionFailed(key));
      case NONE -> throw new ProblemException(Problems.noLimits(key));
    };
  }

  private Limits limits(InputStream body, HttpServletRequest request) {
    return bodies.read(body, request, LimitReader::read);
  }

  private static Response show(LimitEntry entry) {
    Response answer =
        Responses.ok(
            Json.bytes(
                json -> {
                  json.writeStartObject();
                  fields(json, entry.key().kind(), entry.limits());
                  json.writeBooleanField("declared", entry.declared());
                  json.writeStringField("changed_by", entry.by());
                  json.writeStringField("changed_at", entry.at().toString());
                  json.writeEndObject();
                }));
    return Response.fromResponse(answer).header(HttpHeaders.ETAG, Preconditions.tag(entry)).build();
  }

  /** The limits of a queue as an object. */
  static void write(JsonGenerator json, Limits limits) throws IOException {
    json.writeStartObject();
    fields(json, LimitKey.Kind.QUEUE, limits);
    json.writeEndObject();
  }

  private static void fields(JsonGenerator json, LimitKey.Kind kind, Limits limits)
      throws IOException {
    number(json, "concurrency", limits.concurrency());
    rate(json, "rate", limits.rate());
    if (kind == LimitKey.Kind.TYPE) {
      return;
    }
    number(json, "concurrency_per_group", limits.concurrencyPerGroup());
    rate(json, "rate_per_group", limits.ratePerGroup());
    number(json, "max_waiting", limits.maxWaiting());
    number(json, "max_waiting_per_group", limits.maxWaitingPerGroup());
    json.writeStringField("on_limit", Words.of(limits.onLimit()));
    retention(json, limits.retention());
    json.writeObjectFieldStart("weights");
    for (Map.Entry<String, Integer> weight : new TreeMap<>(limits.weights()).entrySet()) {
      json.writeNumberField(weight.getKey(), weight.getValue());
    }
    json.writeEndObject();
  }

  private static void retention(JsonGenerator json, Retention retention) throws IOException {
    json.writeObjectFieldStart("retention");
    for (Map.Entry<JobState, Retention.Keep> each : retention.states().entrySet()) {
      Duration age = each.getValue().age();
      json.writeObjectFieldStart(Words.of(each.getKey()));
      json.writeStringField("age", age == null ? null : Durations.text(age));
      number(json, "count", each.getValue().count());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  static void number(JsonGenerator json, String name, @Nullable Integer number) throws IOException {
    if (number == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, number);
    }
  }

  static void rate(JsonGenerator json, String name, @Nullable Rate rate) throws IOException {
    json.writeFieldName(name);
    if (rate == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberField("n", rate.tokens());
    json.writeStringField("per", Durations.text(rate.per()));
    json.writeNumberField("burst", rate.burst());
    json.writeEndObject();
  }
}
