package io.quikqueue.rest;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.usecase.submit.JobRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a text in and makes a job of the configured type of it. */
@Path("/submit")
@Produces(MediaType.APPLICATION_JSON)
public final class SubmitResource {

  private final JobSubmitter submitter;
  private final RequestBodies bodies;
  private final SubmitConfig config;
  private final Policy policy;

  SubmitResource(JobSubmitter submitter, RequestBodies bodies, SubmitConfig config) {
    this.submitter = submitter;
    this.bodies = bodies;
    this.config = config;
    Policy usual = Policy.DEFAULT;
    this.policy =
        new Policy(
            usual.maxAttempts(),
            usual.backoff(),
            usual.backoffCap(),
            usual.maxElapsed(),
            config.getTimeout().toJavaDuration(),
            usual.maxCrashes());
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response submit(
      InputStream body, @Context HttpHeaders headers, @Context HttpServletRequest request) {
    try (RequestBodies.Share share = bodies.share(RequestLimits.caller(request))) {
      String json = bodies.text(body, headers, share);
      String text = TextReader.read(json);
      JobSpec spec = spec(SubmittedText.payload(config, text), JobSubmitter.traceparent(headers));
      JobRequest job =
          new JobRequest(
              spec,
              null,
              null,
              IdempotencyKeys.of(IdempotencyKeys.header(headers), "/submit", json));
      Response answer =
          submitter.submit(
              job, "/results/", stored -> Json.bytes(out -> JobWriter.writeSubmitted(out, stored)));
      answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, "1");
      return answer;
    }
  }

  private JobSpec spec(String payload, @Nullable String traceparent) {
    return new JobSpec(
        config.getType(),
        config.getQueue(),
        payload,
        JobSpec.DEFAULT_PRIORITY,
        null,
        policy,
        Map.of(),
        traceparent);
  }
}
