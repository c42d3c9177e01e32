package io.quikqueue.rest;

import io.quikqueue.domain.job.Job;
import io.quikqueue.domain.job.JobId;
import io.quikqueue.domain.job.JobState;
import io.quikqueue.domain.port.SubmitResult;
import io.quikqueue.domain.usecase.Caller;
import io.quikqueue.domain.usecase.submit.JobRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Enumeration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Submits single jobs, and knows the headers of such requests. */
final class JobSubmitter {

  static final String REPLAYED_HEADER = "Idempotency-Replayed";

  /** What became of a submit whose unique key another job holds. */
  static final String CONFLICT_HEADER = "Unique-Conflict";

  static final String EXISTING = "existing";
  static final String REPLACED = "replaced";

  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final UseCases use;

  JobSubmitter(UseCases use) {
    this.use = use;
  }

  /**
   * Submits a job.
   *
   * @param location what the job's id is put behind
   * @throws ProblemException 422 when it is refused
   */
  Response submit(Caller caller, JobRequest request, String location, JobBody body) {
    return switch (use.submit().submit(caller, request)) {
      case SubmitResult.Accepted(Job job) -> accepted(job, location, body).build();
      case SubmitResult.Dropped(Job job, _) -> accepted(job, location, body).build();
      case SubmitResult.Replayed(Job job) ->
          accepted(job, location, body).header(REPLAYED_HEADER, "true").build();
      case SubmitResult.ReplayedDeleted(JobId id, JobState state) ->
          accepted(id, location, Json.bytes(json -> JobWriter.writeDeleted(json, id, state)))
              .header(REPLAYED_HEADER, "true")
              .build();
      case SubmitResult.SlotTaken(Job holder) ->
          throw new ProblemException(JobProblems.slotTaken(holder));
      case SubmitResult.Existing(Job holder) ->
          accepted(holder, location, body).header(CONFLICT_HEADER, EXISTING).build();
      case SubmitResult.Replaced(Job holder) ->
          accepted(holder, location, body).header(CONFLICT_HEADER, REPLACED).build();
      case SubmitResult.KeyReused reused ->
          throw new ProblemException(Problems.keyReused(IdempotencyKeys.HEADER, reused.first()));
      case SubmitResult.Full full -> throw new ProblemException(JobProblems.queueFull(full));
      case SubmitResult.Refused refused ->
          throw new ProblemException(JobProblems.refused(refused.reason()));
    };
  }

  /** Writes the body of the answer. */
  @FunctionalInterface
  interface JobBody {
    byte[] of(Job job);
  }

  private static Response.ResponseBuilder accepted(Job job, String location, JobBody body) {
    return accepted(job.id(), location, body.of(job));
  }

  private static Response.ResponseBuilder accepted(JobId id, String location, byte[] body) {
    return Response.accepted(body)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.LOCATION, location + id);
  }

  /** The W3C trace context; null when none was sent, or none that is valid. */
  static @Nullable String traceparent(HttpServletRequest request) {
    Enumeration<String> values = request.getHeaders("traceparent");
    if (!values.hasMoreElements()) {
      return null;
    }
    String value = values.nextElement();
    return !values.hasMoreElements() && TRACEPARENT.matcher(value).matches() ? value : null;
  }
}
