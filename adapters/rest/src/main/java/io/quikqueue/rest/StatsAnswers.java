package io.quikqueue.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quikqueue.domain.stats.DurationHistogram;
import io.quikqueue.domain.stats.JobCounts;
import io.quikqueue.domain.stats.StatsScope;
import io.quikqueue.domain.usecase.stats.ReadStats;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows what happened to the jobs of a queue, of a type, or to all. */
final class StatsAnswers {

  private static final Duration USUAL = Duration.ofHours(1);

  private final ReadStats stats;

  StatsAnswers(ReadStats stats) {
    this.stats = stats;
  }

  Response show(HttpServletRequest request, StatsScope scope) {
    QueryParameters query = new QueryParameters(request, Set.of("range"), Set.of());
    Duration range = query.duration("range", ReadStats.LONGEST);
    if (query.text("range") != null && range.isZero()) {
      throw QueryParameters.refused("range", "must be longer than nothing");
    }
    ReadStats.Stats found = stats.of(Callers.of(request), scope, range.isZero() ? USUAL : range);
    return Responses.ok(Json.bytes(json -> write(json, found)));
  }

  private static void write(JsonGenerator json, ReadStats.Stats found) throws IOException {
    json.writeStartObject();
    json.writeNumberField("step_seconds", found.step().toSeconds());
    json.writeObjectFieldStart("total");
    writeCounts(json, found.total());
    json.writeEndObject();
    json.writeArrayFieldStart("steps");
    for (int i = 0; i < found.steps().size(); i++) {
      json.writeStartObject();
      json.writeStringField("at", found.start(i).toString());
      writeCounts(json, found.steps().get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeCounts(JsonGenerator json, JobCounts counts) throws IOException {
    json.writeNumberField("submitted", counts.submitted());
    json.writeNumberField("done", counts.done());
    json.writeNumberField("failed_attempts", counts.failedAttempts());
    json.writeNumberField("failed", counts.failed());
    writeQuantiles(json, "wait_seconds", counts.waits());
    writeQuantiles(json, "run_seconds", counts.runs());
  }

  private static void writeQuantiles(JsonGenerator json, String name, DurationHistogram durations)
      throws IOException {
    json.writeObjectFieldStart(name);
    writeSeconds(json, "p50", durations.quantile(0.5));
    writeSeconds(json, "p99", durations.quantile(0.99));
    json.writeEndObject();
  }

  private static void writeSeconds(JsonGenerator json, String name, @Nullable Double seconds)
      throws IOException {
    if (seconds == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, Math.round(seconds * 10_000) / 10_000.0);
    }
  }
}
