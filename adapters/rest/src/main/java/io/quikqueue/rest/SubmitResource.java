package io.quikqueue.rest;

import io.quikqueue.domain.job.JobSpec;
import io.quikqueue.domain.job.Policy;
import io.quikqueue.domain.usecase.submit.JobRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes a text in and makes a job of the configured type of it. */
final class SubmitResource {

  private final JobSubmitter submitter;
  private final RequestBodies bodies;
  private final SubmitConfig config;
  private final Policy policy;

  SubmitResource(JobSubmitter submitter, RequestBodies bodies, SubmitConfig config) {
    this.submitter = submitter;
    this.bodies = bodies;
    this.config = config;
    this.policy = Policy.DEFAULT.withTimeout(config.getTimeout().toJavaDuration());
  }

  /** {@code POST /submit}. */
  Response submit(HotRequest request) throws IOException {
    HttpServletRequest in = request.in();
    return bodies.read(in.getInputStream(), in, json -> submit(request, json));
  }

  private Response submit(HotRequest request, String json) {
    HttpServletRequest in = request.in();
    String text = TextReader.read(json);
    JobSpec spec = spec(SubmittedText.payload(config, text), JobSubmitter.traceparent(in));
    JobRequest job =
        new JobRequest(
            spec, null, null, IdempotencyKeys.of(IdempotencyKeys.header(in), "/submit", json));
    Response answer =
        submitter.submit(
            request.caller(),
            job,
            "/results/",
            stored -> Json.bytes(out -> JobWriter.writeSubmitted(out, stored)));
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, "1");
    return answer;
  }

  private JobSpec spec(String payload, @Nullable String traceparent) {
    return JobSpec.builder(config.getType(), payload)
        .queue(config.getQueue())
        .policy(policy)
        .traceparent(traceparent)
        .build();
  }
}
