package io.quikqueue.rest;

import io.quikqueue.domain.usecase.redact.ShownJob;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Shows how a submitted text fares: 200 once it is over, 202 until then. */
final class ResultsResource {

  private final JobLookup lookup;

  ResultsResource(JobLookup lookup) {
    this.lookup = lookup;
  }

  /** {@code GET /results/{id}}. */
  @Nullable Response result(HotRequest request) {
    return lookup.result(request, ResultsResource::answer);
  }

  private static Response answer(ShownJob shown) {
    byte[] body = Json.bytes(json -> ResultWriter.write(json, shown));
    return shown.job().state().terminal() ? Responses.ok(body) : Responses.inProgress(body);
  }
}
