package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.JobQuery;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.redact.ShownJob;
import io.quikqueue.domain.usecase.submit.JobRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes jobs in, lists them, and answers with their results. */
final class JobsResource {

  private final UseCases use;
  private final JobSubmitter submitter;
  private final RequestBodies bodies;
  private final JobLookup lookup;
  private final AnswerBudget answers;

  JobsResource(
      UseCases use,
      JobSubmitter submitter,
      RequestBodies bodies,
      JobLookup lookup,
      AnswerBudget answers) {
    this.use = use;
    this.submitter = submitter;
    this.bodies = bodies;
    this.lookup = lookup;
    this.answers = answers;
  }

  /** {@code POST /v1/jobs}. */
  Response submit(HotRequest request) throws IOException {
    HttpServletRequest in = request.in();
    return bodies.read(in.getInputStream(), in, text -> submit(request, text));
  }

  private Response submit(HotRequest request, String text) {
    HttpServletRequest in = request.in();
    JobRequest job = JobReader.read(text, IdempotencyKeys.header(in), JobSubmitter.traceparent(in));
    Caller caller = request.caller();
    return submitter.submit(
        caller,
        job,
        JobReader.PATH + "/",
        stored ->
            Json.bytes(
                json ->
                    JobWriter.write(
                        json,
                        use.redaction().show(caller, stored),
                        use.whyWaiting().of(caller, stored))));
  }

  /** {@code GET /v1/jobs}. */
  Response list(HotRequest request) {
    JobQuery query = JobQueries.read(request.in());
    return answers.pageWithin(
        request.in(),
        request.caller(),
        () -> Responses.ok(PageWriter.bytes(use.listJobs().list(request.caller(), query))));
  }

  /** {@code GET /v1/jobs/{id}/result}. */
  @Nullable Response result(HotRequest request) {
    return lookup.result(request, JobsResource::result);
  }

  private static Response result(ShownJob shown) {
    Job job = shown.job();
    if (!job.state().terminal()) {
      return Responses.inProgress(Json.bytes(json -> JobWriter.writeBrief(json, job)));
    }
    if (job.state() != JobState.DONE) {
      throw new ProblemException(JobProblems.noResult(job));
    }
    String result = job.result();
    return Responses.ok((result == null ? "null" : result).getBytes(StandardCharsets.UTF_8));
  }
}
